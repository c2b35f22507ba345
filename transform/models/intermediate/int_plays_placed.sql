{{ config(materialized='increment', unique_key=['play_id', 'source'], scope=[
    {'month_of': 'queue_month'},
    {'keys': ['user_id', 'queue_month'], 'of': 'int_late_plays'},
    {'keys': ['user_id', 'queue_month'], 'of': 'int_account_matches', 'named': ['user_id', first_of('month', 'reported_at')]},
]) }}
-- Plays queue month by month, late ones in that of their start: so a build looks at the months in which a play has come or gone,
-- and at those in which a late play, or what stands for itself of account data, is another than before.
{% set in_changed_queue %}({{ in_touched_month('queue_month') }}
        or {{ has_changed(['user_id', 'queue_month'], 'int_late_plays') }}
        or {{ has_changed(['user_id', 'queue_month'], 'int_account_matches', ['user_id', first_of('month', 'reported_at')]) }})
{%- endset -%}
{% set epoch = "cast('1970-01-01' as timestamp)" -%}
with

history as (

    select play_id, source, user_id, reported_at, ms_played, {{ first_of('month', 'reported_at') }} as queue_month
    from {{ ref('stg_spotify__listening_history') }}
    where source in ('archive', 'account')

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

account_plays as (

    select history.*, left_over.is_covered
    from history
    inner join left_over on left_over.account_play_id = history.play_id
    where history.source = 'account' and {{ in_changed_queue }}

),

-- A late play may have paused: it was heard between its start and its report, in the time that no other play takes.
-- So the late plays of a month queue on a clock that stands still while something else plays: 1. that clock,
{% set so_far = 'rows between unbounded preceding and current row' -%}
{% set queue = 'partition by user_id, queue_month' -%}
late as (

    select *, {{ dbt.datediff(epoch, 'noted_at', 'millisecond') }} as noted
    from {{ ref('int_late_plays') }}
    where {{ in_changed_queue }}

),

on_time as (

    select
        user_id,
        queue_month,
        {{ dbt.datediff(epoch, 'reported_at', 'millisecond') }} - ms_played as starts,
        {{ dbt.datediff(epoch, 'reported_at', 'millisecond') }} as ends
    from history
    where source = 'archive'
        and reported_at >= (select {{ or_never('min(queue_month)') }} from late)
        and (user_id, queue_month) in (select user_id, queue_month from late)
        and play_id not in (select play_id from {{ ref('int_late_plays') }})

),

stretches as (

    select
        user_id,
        queue_month,
        greatest(starts, coalesce(max(ends) over (
            {{ queue }} order by starts, ends rows between unbounded preceding and 1 preceding
        ), starts)) as starts,
        ends
    from on_time

),

busy as (

    select
        user_id,
        queue_month,
        starts,
        greatest(0, ends - starts) as lasts,
        cast(sum(greatest(0, ends - starts)) over ({{ queue }} order by starts, ends {{ so_far }}) as bigint) as busy_after
    from stretches

),

-- 2. when each late play starts on it: not before the last stretch began, and later than it ended by as much as by the hour,
noted_among_busy as (

    select
        user_id, queue_month, play_id, ms_played, noted,
        {{ last_known('clock_at', queue ~ ' order by noted, nth, busy_after ' ~ so_far) }} as clock_began,
        {{ last_known('busy_after', queue ~ ' order by noted, nth, busy_after ' ~ so_far) }} as lost
    from (
        select
            user_id, queue_month, cast(null as varchar) as play_id, null as ms_played, starts as noted, 0 as nth,
            starts - busy_after + lasts as clock_at, busy_after
        from busy
        union all
        select user_id, queue_month, play_id, ms_played, noted, 1, null, null
        from late
    ) as both_kinds

),

starts_on_clock as (

    select
        user_id, queue_month, play_id, ms_played, noted,
        coalesce(greatest(clock_began, noted - lost), noted) as clock_at
    from noted_among_busy
    where play_id is not null

),

-- 3. when each ends on it, one after another,
totals as (

    select *, cast(sum(ms_played) over ({{ queue }} order by noted, play_id {{ so_far }}) as bigint) as ms_so_far
    from starts_on_clock

),

ends_on_clock as (

    select
        user_id,
        queue_month,
        play_id,
        ms_so_far + max(clock_at - (ms_so_far - ms_played)) over ({{ queue }} order by noted, play_id {{ so_far }}) as clock_at
    from totals

),

-- 4. and what the time is then.
ends_among_busy as (

    select
        play_id,
        clock_at + coalesce({{ last_known('busy_after', queue ~ ' order by clock_at, nth, busy_after ' ~ so_far) }}, 0) as ends
    from (
        select user_id, queue_month, cast(null as varchar) as play_id, starts - busy_after + lasts as clock_at, 1 as nth, busy_after from busy
        union all
        select user_id, queue_month, play_id, clock_at, 0, null from ends_on_clock
    ) as both_kinds

),

late_ends as (

    select
        late.*,
        case
            when ends_among_busy.ends <= {{ dbt.datediff(epoch, 'late.reported_at', 'millisecond') }}
                then {{ plus_ms(epoch, 'cast(ends_among_busy.ends as bigint)') }}
            else {{ plus_ms('late.noted_at', 'late.ms_played') }}
        end as ended_at
    from late
    inner join ends_among_busy on ends_among_busy.play_id = late.play_id

),

-- The account data knows only the minute of an end, cut off (in 98 of 100 plays that an archive has as well; in most others
-- the archive's is one later). So each play ends when its minute begins or the play before it leaves off, at most 90 s in:
-- the first of a minute is its longest, for the others must have begun within it.
{% set in_turn = 'partition by user_id, queue_month order by reported_at, ms_played desc, play_id ' ~ so_far -%}
account_totals as (

    select
        user_id,
        play_id,
        queue_month,
        {{ dbt.datediff(epoch, 'reported_at', 'millisecond') }} as reported_ms,
        sum(ms_played) over ({{ in_turn }}) as ms_so_far,
        row_number() over ({{ in_turn }}) as nth
    from account_plays
    where not is_covered

),

seated as (

    select
        play_id,
        least(
            reported_ms + 90000,
            ms_so_far + max(reported_ms - ms_so_far) over (partition by user_id, queue_month order by nth {{ so_far }})
        ) as ends
    from account_totals

),

placed as (

    select play_id, 'archive' as source, user_id, reported_at, queue_month, ended_at, false as is_covered
    from late_ends

    union all

    select
        account_plays.play_id,
        account_plays.source,
        account_plays.user_id,
        account_plays.reported_at,
        account_plays.queue_month,
        coalesce({{ plus_ms(epoch, 'cast(seated.ends as bigint)') }}, account_plays.reported_at) as ended_at,
        account_plays.is_covered
    from account_plays
    left join seated on seated.play_id = account_plays.play_id

)

select * from placed
