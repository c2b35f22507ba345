{{ config(materialized='increment', unique_key=['track_key'], scope=[{'keys': ['track_key'], 'of': 'stg_spotify__listening_history'}]) }}
with

plays as (

    select track_key, track_name, artist_name, artist_key, album_name, spotify_uri, reported_at
    from {{ ref('stg_spotify__listening_history') }}
    where content_type = 'track' and track_key is not null
        and {{ has_changed(['track_key'], 'stg_spotify__listening_history') }}

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
        track_key,
        {{ recording_key('artist_name', 'track_name') }} as recording_key,
        artist_key,
        track_name,
        {{ undecorated(normalised('track_name')) }} as recording_title,
        artist_name,
        album_name,
        spotify_uri,
        first_seen_at,
        last_seen_at
    from latest

)

select * from joined_to_recordings
