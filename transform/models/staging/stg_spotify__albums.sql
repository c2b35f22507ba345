{{ config(materialized='increment', unique_key=['album_id'], scope=[{'keys': ['album_id'], 'loaded': 'albums'}]) }}
with

-- Spotify leaves fields out: of each the last that was said.
{% set so_far = 'partition by album_id order by fetched_at, source_file rows between unbounded preceding and current row' -%}
observed as (

    select
        album_id,
        {%- for field in ['album_uri', 'album_name', 'album_type', 'artist_ids', 'artist_names', 'release_date', 'total_tracks', 'upc'] %}
        {{ last_known(field, so_far) }} as {{ field }},
        {%- endfor %}
        fetched_at
    from {{ source('lake', 'albums') }}
    where album_id is not null and {{ has_arrived(['album_id'], 'albums') }}
    qualify row_number() over (partition by album_id order by fetched_at desc, source_file desc) = 1

)

select * from observed
