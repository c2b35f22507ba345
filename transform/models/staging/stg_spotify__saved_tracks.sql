with

source as (

    select *, cast(fetched_at as date) as fetched_on from {{ source('lake', 'saved_tracks') }}

),

archive_ages as (

    select user_id, archive, max(last_at) as archive_last_at
    from {{ source('lake', 'archives') }}
    group by 1, 2

),

-- A library is what it was in the newest archive that holds one, or since then in what the Web API showed.
dated as (

    select
        source.*,
        case
            when source.archive is null then max(source.fetched_at) over (partition by source.user_id)
            else coalesce(archive_ages.archive_last_at, cast('1900-01-01' as timestamp))
        end as as_of
    from source
    left join archive_ages on archive_ages.user_id = source.user_id and archive_ages.archive = source.archive

),

newest as (

    select * from dated
    qualify dense_rank() over (partition by user_id order by as_of desc, coalesce(archive, '') desc) = 1

),

-- The Web API lists what was saved last first, and most days only down to what is known. A day's list tells all that was saved
-- since the oldest on it: what an earlier day had and it has not was taken out of the library.
reaches as (

    select user_id, fetched_on, min(added_at) as reaches_to
    from newest
    where archive is null
    group by 1, 2

),

checked as (

    select newest.user_id, newest.track_uri, newest.added_at, max(newest.fetched_on) as last_seen_on, max(reaches.fetched_on) as last_told_on
    from newest
    inner join reaches on reaches.user_id = newest.user_id and reaches.reaches_to <= newest.added_at
    where newest.archive is null
    group by 1, 2, 3

),

still_saved as (

    select newest.*
    from newest
    left join checked
        on newest.archive is null
        and checked.user_id = newest.user_id
        and checked.track_uri = newest.track_uri
        and checked.added_at = newest.added_at
    where newest.archive is not null or checked.last_seen_on >= checked.last_told_on

),

renamed as (

    select
        md5(user_id || '|' || {{ track_key('track_uri', 'artist_name', 'track_name') }}) as saved_track_key,
        user_id,
        {{ track_key('track_uri', 'artist_name', 'track_name') }} as track_key,
        track_name,
        artist_name,
        album_name,
        track_uri as spotify_uri,
        added_at,
        fetched_at
    from still_saved

),

once as (

    select * exclude (fetched_at) from renamed
    where track_key is not null
    qualify row_number() over (
        partition by saved_track_key order by fetched_at desc, added_at desc, track_name, artist_name, album_name
    ) = 1

)

select * from once
