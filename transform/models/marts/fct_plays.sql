{{ config(materialized='view') }}
with

plays as (

    select * from {{ ref('int_plays_reconciled') }}

),

ordered as (

    select
        play_id,
        user_id,
        started_at,
        ended_at,
        reported_at,
        local_started_at,
        tz_source,
        ms_played,
        ms_played_source,
        content_type,
        track_key,
        recording_key,
        artist_key,
        track_name,
        artist_name,
        album_name,
        spotify_uri,
        is_counted,
        is_skipped,
        is_incognito,
        is_covered,
        is_excluded,
        shuffle,
        platform,
        country,
        reason_start,
        reason_end,
        context_type,
        context_uri,
        sources,
        matched_by
    from plays

)

select * from ordered
