{{ config(materialized='view') }}
with

disagreements as (

    select * from {{ ref('int_play_rules') }}
    where not (
        is_counted_by_longplay and is_counted_by_spotify_30s and is_counted_by_lastfm
        and is_counted_by_your_spotify and is_counted_by_listenbrainz and is_counted_by_finished
    )
        and (
            is_counted_by_longplay or is_counted_by_spotify_30s or is_counted_by_lastfm
            or is_counted_by_your_spotify or is_counted_by_listenbrainz or is_counted_by_finished
        )

)

select * from disagreements
