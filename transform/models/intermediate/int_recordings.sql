{{ config(materialized='view') }}
with

tracks as (

    select * from {{ ref('stg_spotify__tracks') }}

),

-- The release seen last speaks for the recording.
recordings as (

    select
        recording_key,
        artist_key,
        artist_name,
        track_name,
        recording_title,
        track_key as latest_track_key,
        count(*) over (partition by recording_key) as tracks,
        min(first_seen_at) over (partition by recording_key) as first_seen_at,
        max(last_seen_at) over (partition by recording_key) as last_seen_at
    from tracks
    where recording_key is not null
    qualify row_number() over (partition by recording_key order by last_seen_at desc, track_key) = 1

)

select * from recordings
