{{ config(materialized='increment', sort='reported_at', unique_key=['play_id', 'source'], scope=[{'day_of': 'reported_at'}]) }}
with

archive_rows as {{ read_again() }}(

    select
        user_id,
        archive,
        layout,
        member,
        row_number as nth_row,
        reported_at,
        ms_played,
        {{ content_type() }} as content_type,
        coalesce(track_name, episode_name, chapter_title, audiobook_title) as track_name,
        coalesce(artist_name, show_name, audiobook_title) as artist_name,
        album_name,
        coalesce(track_uri, episode_uri, chapter_uri, audiobook_uri) as spotify_uri,
        platform,
        country,
        nullif(reason_start, '') as reason_start,
        nullif(reason_end, '') as reason_end,
        shuffle,
        skipped,
        offline_at,
        coalesce(incognito_mode, false) as is_incognito

    from {{ source('lake', 'streaming_history') }}
    where {{ on_touched_day('reported_at') }}

),

-- Archives of 2020 have no URIs: such a row is the same play as another archive's row with its names.
rows_without_uri as (

    select distinct user_id, reported_at, ms_played, {{ name_key('artist_name', 'track_name') }} as name_key
    from archive_rows
    where spotify_uri is null and track_name is not null

),

lent_uris as (

    select theirs.user_id, theirs.reported_at, theirs.ms_played, theirs.name_key, min(ours.spotify_uri) as lent_uri
    from rows_without_uri as theirs
    inner join archive_rows as ours
        on ours.user_id = theirs.user_id
        and ours.reported_at = theirs.reported_at
        and ours.ms_played = theirs.ms_played
    where ours.spotify_uri is not null and {{ name_key('ours.artist_name', 'ours.track_name') }} = theirs.name_key
    group by 1, 2, 3, 4

),

-- The newest archive knows best, whenever it was imported.
archive_ages as (

    select user_id, archive, max(last_at) as archive_last_at
    from {{ source('lake', 'archives') }}
    group by 1, 2

),

identified as {{ read_again() }}(

    select
        archive_rows.* exclude (spotify_uri),
        coalesce(archive_rows.spotify_uri, lent_uris.lent_uri) as spotify_uri,
        coalesce(
            archive_rows.spotify_uri,
            lent_uris.lent_uri,
            case when archive_rows.content_type = 'unknown' then '' end,
            {{ name_key('archive_rows.artist_name', 'archive_rows.track_name') }}
        ) as what,
        archive_ages.archive_last_at

    from archive_rows
    inner join archive_ages
        on archive_ages.user_id = archive_rows.user_id
        and archive_ages.archive = archive_rows.archive
    left join lent_uris
        on archive_rows.spotify_uri is null
        and lent_uris.user_id = archive_rows.user_id
        and lent_uris.reported_at = archive_rows.reported_at
        and lent_uris.ms_played = archive_rows.ms_played
        and lent_uris.name_key = {{ name_key('archive_rows.artist_name', 'archive_rows.track_name') }}

),

-- Few plays are told by two archives at one length and second, so only these are put in order.
told_again as (

    select user_id, reported_at, ms_played
    from archive_rows
    group by 1, 2, 3
    having count(*) > 1

),

older as (

    select user_id, archive, member, nth_row
    from identified
    where (user_id, reported_at, ms_played) in (select user_id, reported_at, ms_played from told_again)
    qualify row_number() over (
        partition by user_id, reported_at, ms_played, what
        order by archive_last_at desc, layout desc, archive desc, member, nth_row
    ) > 1

),

archive_plays as (

    select *
    from identified
    where not exists (
        select 1 from older
        where older.user_id = identified.user_id
            and older.archive = identified.archive
            and older.member = identified.member
            and older.nth_row = identified.nth_row
    )

),

-- Spotify writes placeholders where it has forgotten the names.
account_rows as (

    select
        user_id,
        archive,
        layout,
        member,
        row_number as nth_row,
        reported_at,
        ms_played,
        case when artist_name = 'Unknown Artist' and track_name = 'Unknown Track' then 'unknown' else content_type end as content_type,
        case when artist_name = 'Unknown Artist' and track_name = 'Unknown Track' then null else track_name end as track_name,
        case when artist_name = 'Unknown Artist' and track_name = 'Unknown Track' then null else artist_name end as artist_name

    from {{ source('lake', 'account_history') }}
    where {{ on_touched_day('reported_at') }}

),

account_plays as (

    select *, {{ name_key('artist_name', 'track_name') }} as what
    from account_rows
    qualify row_number() over (
        partition by user_id, reported_at, ms_played, content_type, what
        order by archive desc, member, nth_row
    ) = 1

),

-- Pages overlap, and one may hold an item twice: a play on several of them is one, told by the newest. Spotify leaves the
-- ISRC out now and then.
api_rows as (

    select
        *,
        case when track_uri like 'spotify:episode:%' then 'episode' when coalesce(track_uri, track_name) is null then 'unknown' else 'track' end
            as content_type,
        coalesce(track_uri, {{ name_key('artist_name', 'track_name') }}) as what
    from {{ source('lake', 'recently_played') }}
    where {{ on_touched_day('played_at') }}

),

api_plays as (

    select * exclude (isrc), max(isrc) over (partition by user_id, played_at, what) as isrc
    from api_rows
    qualify row_number() over (partition by user_id, played_at, what order by fetched_at desc, page desc, position) = 1

),

-- Names are spelled one way once each, not once for each play.
artist_names as (

    select artist_name, {{ artist_key('artist_name') }} as artist_key
    from (
        select artist_name from archive_rows where content_type = 'track'
        union
        select artist_name from account_rows where content_type = 'track'
        union
        select artist_name from api_rows where content_type = 'track'
    ) as named
    where artist_name is not null

),

all_sources as (

    select
        'archive' as source,
        user_id, archive, layout, reported_at, ms_played, what, content_type, track_name, artist_name, album_name, spotify_uri,
        platform, country, reason_start, reason_end, shuffle, skipped, offline_at, is_incognito,
        cast(null as bigint) as duration_ms, cast(null as varchar) as isrc, cast(null as varchar) as artist_ids,
        cast(null as varchar) as context_type, cast(null as varchar) as context_uri
    from archive_plays

    union all

    select
        'account' as source,
        user_id, archive, layout, reported_at, ms_played, what, content_type, track_name, artist_name, null, null,
        null, null, null, null, null, null, null, false, null, null, null, null, null
    from account_plays

    union all

    select
        'api' as source,
        user_id, null, null, played_at, null, what, content_type, track_name, artist_name, album_name, track_uri,
        null, null, null, null, null, null, null, false, duration_ms, isrc, artist_ids, context_type, context_uri
    from api_plays

),

keyed as (

    select
        -- keys
        {{ play_id('all_sources.user_id', 'all_sources.reported_at', 'all_sources.what', "coalesce(cast(all_sources.ms_played as varchar), all_sources.source)") }} as play_id,
        all_sources.source,
        all_sources.user_id,
        {{ track_key('all_sources.spotify_uri', 'all_sources.artist_name', 'all_sources.track_name') }} as track_key,
        artist_names.artist_key,

        -- what
        all_sources.content_type,
        all_sources.track_name,
        all_sources.artist_name,
        all_sources.album_name,
        all_sources.spotify_uri,

        -- when
        all_sources.reported_at,
        all_sources.ms_played,
        all_sources.offline_at,

        -- how
        all_sources.platform,
        all_sources.country,
        all_sources.reason_start,
        all_sources.reason_end,
        all_sources.shuffle,
        all_sources.skipped,
        all_sources.is_incognito,
        all_sources.archive,
        all_sources.layout,

        -- what only the Web API tells
        all_sources.duration_ms,
        all_sources.isrc,
        all_sources.artist_ids,
        all_sources.context_type,
        all_sources.context_uri

    from all_sources
    left join artist_names on all_sources.content_type = 'track' and artist_names.artist_name = all_sources.artist_name

)

select * from keyed
