with

history as (

    select * from {{ ref('stg_spotify__listening_history') }}

),

matches as (

    select * from {{ ref('int_account_matches') }}

),

complete_archives as (

    select
        user_id,
        archive,
        {{ dbt.date_trunc('minute', 'min(first_at)') }} as first_minute,
        max(last_at) as last_at
    from {{ source('lake', 'archives') }}
    where layout <> 'account'
    group by 1, 2
    having min(case when is_complete then 1 else 0 end) = 1

),

-- What an archive fully covers and yet does not hold was told twice in another wording: kept, but never counted.
left_over as (

    select
        matches.account_play_id,
        max(case when complete_archives.archive is null then 0 else 1 end) = 1 as is_covered
    from matches
    left join complete_archives
        on complete_archives.user_id = matches.user_id
        and matches.reported_at between complete_archives.first_minute and complete_archives.last_at
    where matches.archive_play_id is null
    group by 1

),

archive_plays as (

    select
        history.* exclude (source, content_type, track_name, artist_name, track_key, artist_key),
        {%- set takes_names = "history.content_type = 'unknown' and matches.track_name is not null" %}
        case when {{ takes_names }} then matches.content_type else history.content_type end as content_type,
        coalesce(history.track_name, matches.track_name) as track_name,
        case when {{ takes_names }} then matches.artist_name else history.artist_name end as artist_name,
        case when {{ takes_names }} then md5({{ name_key('matches.artist_name', 'matches.track_name') }}) else history.track_key end as track_key,
        case
            when {{ takes_names }} then case when matches.content_type = 'track' then {{ artist_key('matches.artist_name') }} end
            else history.artist_key
        end as artist_key,
        case when matches.matched_by is null then 'archive' else 'account+archive' end as sources,
        matches.matched_by,
        false as is_covered
    from history
    left join matches on matches.archive_play_id = history.play_id
    where history.source = 'archive'

),

account_plays as (

    select
        history.* exclude (source, content_type, track_name, artist_name, track_key, artist_key),
        history.content_type,
        history.track_name,
        history.artist_name,
        history.track_key,
        history.artist_key,
        'account' as sources,
        cast(null as varchar) as matched_by,
        left_over.is_covered
    from history
    inner join left_over on left_over.account_play_id = history.play_id
    where history.source = 'account'

),

-- Spotify reports the end of a play, but a device that was offline reports when it is back. Such rows share their second
-- with others, or would have begun before the play before them was over; if the device noted a start, that is when it was.
{% set in_order = 'partition by user_id order by reported_at, ms_played, play_id' -%}
synced as (

    select
        *,
        coalesce(
            reported_at = lag(reported_at) over ({{ in_order }})
            or reported_at = lead(reported_at) over ({{ in_order }})
            or {{ plus_ms('reported_at', '-ms_played') }} < lag(reported_at) over ({{ in_order }}),
            false
        ) as is_late
    from archive_plays

),

believed as (

    select
        * exclude (is_late),
        is_late
            and coalesce(offline_at >= {{ dbt.dateadd('day', -30, 'reported_at') }}, false)
            and coalesce(offline_at <= {{ plus_ms('reported_at', '-ms_played - 60000') }}, false)
            as is_moved
    from synced

),

-- A moved play may have paused: it was heard between its start and its report, in the time that no other play takes.
-- So moved plays queue on a clock that stands still while something else plays: 1. that clock,
{% set epoch = "cast('1970-01-01' as timestamp)" -%}
{% set so_far = 'rows between unbounded preceding and current row' -%}
on_time as (

    select
        user_id,
        {{ dbt.datediff(epoch, 'reported_at', 'millisecond') }} - ms_played as starts,
        {{ dbt.datediff(epoch, 'reported_at', 'millisecond') }} as ends
    from believed
    where not is_moved and user_id in (select user_id from believed where is_moved)

),

stretches as (

    select
        user_id,
        greatest(starts, coalesce(max(ends) over (
            partition by user_id order by starts, ends rows between unbounded preceding and 1 preceding
        ), starts)) as starts,
        ends
    from on_time

),

busy as (

    select
        user_id,
        starts,
        sum(greatest(0, ends - starts)) over (partition by user_id order by starts, ends {{ so_far }}) as busy_after,
        sum(greatest(0, ends - starts)) over (partition by user_id order by starts, ends {{ so_far }})
            - greatest(0, ends - starts) as busy_before
    from stretches

),

-- 2. when each moved play starts on it,
starts_on_clock as (

    select user_id, play_id, ms_played, noted, noted - coalesce(lost_before, 0) - least(noted - coalesce(began, noted), coalesce(lost_after - lost_before, 0)) as clock_at
    from (
        select
            user_id, play_id, ms_played, noted,
            max(starts) over (partition by user_id order by noted, nth, play_id {{ so_far }}) as began,
            max(busy_before) over (partition by user_id order by noted, nth, play_id {{ so_far }}) as lost_before,
            max(busy_after) over (partition by user_id order by noted, nth, play_id {{ so_far }}) as lost_after
        from (
            select user_id, cast(null as varchar) as play_id, 0 as ms_played, starts as noted, 0 as nth, starts, busy_before, busy_after
            from busy
            union all
            select user_id, play_id, ms_played, {{ dbt.datediff(epoch, 'offline_at', 'millisecond') }}, 1, null, null, null
            from believed where is_moved
        ) as both_kinds
    ) as points
    where play_id is not null

),

-- 3. when each ends on it, one after another,
totals as (

    select *, sum(ms_played) over (partition by user_id order by noted, play_id {{ so_far }}) as ms_so_far
    from starts_on_clock

),

ends_on_clock as (

    select
        user_id,
        play_id,
        ms_so_far + max(clock_at - (ms_so_far - ms_played)) over (partition by user_id order by noted, play_id {{ so_far }}) as clock_at
    from totals

),

-- 4. and what the time is then.
moved as (

    select user_id, play_id, clock_at + coalesce(lost_after, 0) as ends
    from (
        select
            user_id, play_id, clock_at,
            max(busy_after) over (partition by user_id order by clock_at, nth, play_id {{ so_far }}) as lost_after
        from (
            select user_id, cast(null as varchar) as play_id, starts - busy_before as clock_at, 1 as nth, busy_after from busy
            union all
            select user_id, play_id, clock_at, 0, null from ends_on_clock
        ) as both_kinds
    ) as points
    where play_id is not null

),

-- The account data knows only the minute of an end, cut off (in 98 of 100 plays that an archive has as well; in most others
-- the archive's is one later). So each play ends when its minute begins or the play before it leaves off, at most 90 s in:
-- the first of a minute is its longest, for the others must have begun within it.
account_totals as (

    select
        user_id,
        play_id,
        {{ dbt.datediff(epoch, 'reported_at', 'millisecond') }} as reported_ms,
        sum(ms_played) over (partition by user_id order by reported_at, ms_played desc, play_id {{ so_far }}) as ms_so_far,
        row_number() over (partition by user_id order by reported_at, ms_played desc, play_id) as nth
    from account_plays
    where not is_covered

),

seated as (

    select
        play_id,
        least(
            reported_ms + 90000,
            ms_so_far + max(reported_ms - ms_so_far) over (partition by user_id order by nth {{ so_far }})
        ) as ends
    from account_totals

),

placed as (

    select
        believed.* exclude (is_moved),
        case
            when not believed.is_moved then believed.reported_at
            when moved.ends <= {{ dbt.datediff(epoch, 'believed.reported_at', 'millisecond') }}
                then {{ plus_ms(epoch, 'cast(moved.ends as bigint)') }}
            else {{ plus_ms('believed.offline_at', 'believed.ms_played') }}
        end as ended_at
    from believed
    left join moved on moved.play_id = believed.play_id

    union all by name

    select
        account_plays.*,
        coalesce({{ plus_ms(epoch, 'cast(seated.ends as bigint)') }}, account_plays.reported_at) as ended_at
    from account_plays
    left join seated on seated.play_id = account_plays.play_id

),

-- A country with one zone tells the time there; where the listener lives, and where it cannot be told, it is the home's.
home as (

    select country from {{ ref('time_zones') }} where zone = '{{ var("home_time_zone") }}'

),

abroad as (

    select country, min(zone) as zone
    from {{ ref('time_zones') }}
    where not is_alias
        and exists (select 1 from home)
        and country not in (select country from home)
    group by 1
    having count(*) = 1

),

located as (

    select
        placed.*,
        abroad.zone as country_zone,
        {{ plus_ms('placed.ended_at', '-placed.ms_played') }} as started_at
    from placed
    left join abroad on abroad.country = placed.country

),

judged as (

    select
        -- keys
        located.play_id,
        located.user_id,
        located.track_key,
        case when located.content_type = 'track' then tracks.recording_key end as recording_key,
        located.artist_key,

        -- when
        located.started_at,
        located.ended_at,
        located.reported_at,
        case
            when located.country_zone is null then {{ local_time('located.started_at', "'" ~ var('home_time_zone') ~ "'") }}
            else {{ local_time('located.started_at', 'located.country_zone') }}
        end as local_started_at,
        case when located.country_zone is null then 'home' else 'country' end as tz_source,
        located.ms_played,
        'reported' as ms_played_source,

        -- what
        located.content_type,
        located.track_name,
        located.artist_name,
        located.album_name,
        located.spotify_uri,

        -- how
        located.content_type <> 'unknown'
            and not located.is_covered
            and (located.ms_played >= 30000 or coalesce(located.reason_end = 'trackdone', false) and located.ms_played > 0)
            as is_counted,
        {{ is_skipped('located.reported_at', 'located.skipped', 'located.reason_end') }} as is_skipped,
        located.is_incognito,
        located.is_covered,
        located.shuffle,
        located.platform,
        located.country,
        located.reason_start,
        located.reason_end,

        -- whence
        located.sources,
        located.matched_by

    from located
    left join {{ ref('stg_spotify__tracks') }} as tracks on tracks.track_key = located.track_key

)

select * from judged
