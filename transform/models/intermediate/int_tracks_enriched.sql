{{ config(materialized='view') }}
with

saved as (

    select distinct track_key from {{ ref('stg_spotify__saved_tracks') }}

),

listed as (

    select track_key, count(distinct user_id || '|' || coalesce(playlist_name, '')) as playlists
    from {{ ref('stg_spotify__playlists') }}
    where track_key is not null
    group by 1

),

enriched as (

    select
        tracks.track_key,
        tracks.recording_key,
        tracks.artist_key,
        tracks.track_name,
        tracks.artist_name,
        tracks.album_name,
        tracks.spotify_uri,
        tracks.duration_ms,
        tracks.is_explicit,
        tracks.isrc,
        tracks.first_seen_at,
        tracks.last_seen_at,
        recordings.tracks as releases,
        saved.track_key is not null as is_saved,
        coalesce(listed.playlists, 0) as playlists,
        {%- for feature in ['valence', 'energy', 'danceability', 'acousticness', 'instrumentalness', 'liveness', 'speechiness', 'loudness',
            'tempo', 'key', 'mode'] %}
        features.{{ feature }},
        {%- endfor %}
        features.source as features_source,
        features.fetched_at as features_fetched_at
    from {{ ref('stg_spotify__tracks') }} as tracks
    left join {{ ref('int_recordings') }} as recordings on recordings.recording_key = tracks.recording_key
    left join {{ ref('stg_enrichment__audio_features') }} as features on features.track_key = tracks.track_key
    left join saved on saved.track_key = tracks.track_key
    left join listed on listed.track_key = tracks.track_key

)

select * from enriched
