with

source as (

    select * from {{ source('lake', 'saved_tracks') }}

),

archive_ages as (

    select user_id, archive, max(last_at) as archive_last_at
    from {{ source('lake', 'archives') }}
    group by 1, 2

),

-- A library is what it was in the newest archive that holds one.
newest as (

    select source.*, archive_ages.archive_last_at
    from source
    left join archive_ages on archive_ages.user_id = source.user_id and archive_ages.archive = source.archive
    qualify dense_rank() over (
        partition by source.user_id
        order by coalesce(archive_ages.archive_last_at, cast('1900-01-01' as timestamp)) desc, source.archive desc
    ) = 1

),

renamed as (

    select
        md5(user_id || '|' || {{ track_key('track_uri', 'artist_name', 'track_name') }}) as saved_track_key,
        user_id,
        {{ track_key('track_uri', 'artist_name', 'track_name') }} as track_key,
        track_name,
        artist_name,
        album_name,
        track_uri as spotify_uri
    from newest

),

once as (

    select * from renamed
    where track_key is not null
    qualify row_number() over (partition by saved_track_key order by track_name, artist_name, album_name) = 1

)

select * from once
