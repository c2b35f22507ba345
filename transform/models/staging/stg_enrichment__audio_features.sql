{% set values = ['acousticness', 'danceability', 'energy', 'instrumentalness', 'liveness', 'loudness', 'speechiness', 'tempo', 'valence',
    'key', 'mode'] -%}
{{ config(materialized='increment', unique_key=['track_key'], scope=[
    {'keys': ['track_key'], 'loaded': 'audio_features', 'named': ['track_id']},
]) }}
with

-- Who was asked and knew nothing says nothing; of the others the best source, and what it said last.
best as (

    select
        track_id as track_key,
        {%- for value in values %}
        {{ value }},
        {%- endfor %}
        source,
        fetched_at
    from {{ source('lake', 'audio_features') }}
    where (valence is not null or energy is not null) and {{ has_arrived(['track_id'], 'audio_features') }}
    qualify row_number() over (
        partition by track_id
        order by
            case source when 'spotify' then 1 when 'reccobeats' then 2 when 'table' then 3 else 4 end,
            fetched_at desc,
            source_file desc
    ) = 1

)

select * from best
