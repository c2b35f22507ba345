with

heard as (

    select
        evidence.discovery_id,
        evidence.user_id,
        evidence.recording_key,
        evidence.artist_key,
        firsts.first_heard_at,
        firsts.first_heard_on
    from {{ ref('int_discovery_evidence') }} as evidence
    inner join {{ ref('int_first_listens') }} as firsts on firsts.discovery_id = evidence.discovery_id

),

-- Devices and Spotify differ by seconds in what time it is.
{% set just_before = "searches.searched_at between " ~ dbt.dateadd('minute', '-' ~ var('session_gap_minutes'), 'heard.first_heard_at')
    ~ " and " ~ dbt.dateadd('minute', 1, 'heard.first_heard_at') -%}
searched as (

    select heard.discovery_id
    from {{ ref('stg_spotify__searches') }} as searches
    inner join {{ ref('stg_spotify__tracks') }} as tracks on searches.item_type = 'track' and tracks.track_key = searches.item_id
    inner join heard on heard.user_id = searches.user_id and heard.recording_key = tracks.recording_key and {{ just_before }}
    union
    select heard.discovery_id
    from {{ ref('stg_spotify__searches') }} as searches
    inner join {{ ref('stg_spotify__artists') }} as artists on searches.item_type = 'artist' and artists.artist_id = searches.item_id
    inner join heard on heard.user_id = searches.user_id and heard.artist_key = artists.artist_key and {{ just_before }}

),

-- Who adds a track on the day they first hear it mostly does so because they heard it.
added as (

    select distinct heard.discovery_id
    from {{ ref('stg_spotify__playlists') }} as entries
    inner join {{ ref('stg_spotify__tracks') }} as tracks on tracks.track_key = entries.track_key
    inner join heard
        on heard.user_id = entries.user_id
        and heard.recording_key = tracks.recording_key
        and entries.added_on < heard.first_heard_on
        and entries.added_on >= {{ dbt.dateadd('day', -30, 'heard.first_heard_on') }}

),

hints as (

    select discovery_id, 'search' as hint from searched
    union all
    select discovery_id, 'playlist' as hint from added

)

select * from hints
