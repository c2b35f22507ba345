with

source as (

    select * from {{ source('lake', 'playlists') }}

),

archive_ages as (

    select user_id, archive, max(last_at) as archive_last_at
    from {{ source('lake', 'archives') }}
    group by 1, 2

),

-- Playlists are what they were in the newest archive that holds some.
newest as (

    select source.*, archive_ages.archive_last_at
    from source
    left join archive_ages on archive_ages.user_id = source.user_id and archive_ages.archive = source.archive
    qualify dense_rank() over (
        partition by source.user_id
        order by coalesce(archive_ages.archive_last_at, cast('1900-01-01' as timestamp)) desc, source.archive desc
    ) = 1

),

-- Two playlists may share a name, and so a position: the entries are numbered afresh.
numbered as (

    select
        user_id,
        playlist_name,
        row_number() over (
            partition by user_id, playlist_name
            order by position, modified_on, added_on, track_uri, track_name, artist_name
        ) as position,
        modified_on,
        {{ track_key('track_uri', 'artist_name', 'track_name') }} as track_key,
        track_name,
        artist_name,
        album_name,
        track_uri as spotify_uri,
        added_on
    from newest

),

keyed as (

    select
        md5(user_id || '|' || coalesce(playlist_name, '') || '|' || cast(position as varchar)) as playlist_entry_key,
        *
    from numbered

)

select * from keyed
