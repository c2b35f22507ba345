{{ config(materialized='increment', unique_key=['track_key'], scope=[
    {'keys': ['track_key'], 'of': 'stg_spotify__listening_history'},
    {'keys': ['track_key'], 'loaded': 'tracks', 'named': ['track_id']},
]) }}
with

plays as (

    select track_key, track_name, artist_name, artist_key, album_name, spotify_uri, reported_at
    from {{ ref('stg_spotify__listening_history') }}
    where content_type = 'track' and track_key is not null
        and ({{ has_changed(['track_key'], 'stg_spotify__listening_history') }} or {{ has_arrived(['track_key'], 'tracks', ['track_id']) }})

),

-- What the Web API says of a track. Spotify leaves fields out: of each the last that was said.
observed as (

    select
        track_id,
        {%- for field in ['duration_ms', 'explicit', 'isrc', 'artist_ids', 'artist_names'] %}
        {{ last_known(field, "partition by track_id order by fetched_at, source_file rows between unbounded preceding and current row") }} as {{ field }}{{ ',' if not loop.last }}
        {%- endfor %}
    from {{ source('lake', 'tracks') }}
    where track_id is not null
        and ({{ has_changed(['track_id'], 'stg_spotify__listening_history', ['track_key']) }} or {{ has_arrived(['track_id'], 'tracks') }})
    qualify row_number() over (partition by track_id order by fetched_at desc, source_file desc) = 1

),

spellings as (

    select
        track_key, track_name, artist_name, artist_key, album_name, spotify_uri,
        min(reported_at) as first_seen_at,
        max(reported_at) as last_seen_at
    from plays
    group by 1, 2, 3, 4, 5, 6

),

-- One URI has had several names over the years: the latest is its name now.
latest as (

    select
        track_key,
        track_name,
        artist_key,
        artist_name,
        album_name,
        spotify_uri,
        min(first_seen_at) over (partition by track_key) as first_seen_at,
        max(last_seen_at) over (partition by track_key) as last_seen_at
    from spellings
    qualify row_number() over (
        partition by track_key
        order by case when track_name is null then 1 else 0 end, last_seen_at desc, track_name, artist_name, album_name, spotify_uri
    ) = 1

),

joined_to_recordings as (

    select
        latest.track_key,
        {{ recording_key('latest.artist_name', 'latest.track_name') }} as recording_key,
        latest.artist_key,
        latest.track_name,
        {{ undecorated(normalised('latest.track_name')) }} as recording_title,
        latest.artist_name,
        latest.album_name,
        latest.spotify_uri,
        observed.duration_ms,
        observed.explicit as is_explicit,
        observed.isrc,
        observed.artist_ids,
        observed.artist_names,
        latest.first_seen_at,
        latest.last_seen_at
    from latest
    left join observed on observed.track_id = latest.track_key

)

select * from joined_to_recordings
