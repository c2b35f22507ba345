{{ config(materialized='increment', unique_key=['user_id', 'run_started_at', 'recording_key'], scope=[
    {'overlaps': 'int_changed_spans', 'from': 'run_started_at', 'until': 'run_ended_at'},
]) }}
-- A run goes on from the last touch of a hand to the next, or to half an hour of silence: so it lies within a session.
{% set changed_spans = none if is_unit_test() else ref('int_changed_spans') -%}
{% set sessions = none if is_unit_test() else ref('int_listening_sessions') -%}
with

{% if is_increment() -%}
windows as (

    select distinct sessions.user_id, sessions.started_at as from_at, sessions.ended_at as until_at
    from {{ sessions }} as sessions
    inner join {{ changed_spans }} as spans
        on spans.user_id = sessions.user_id
        and sessions.started_at <= spans.until_at
        and sessions.ended_at >= spans.from_at

),

{% endif -%}
plays as (

    select
        user_id, play_id, started_at, ended_at, local_started_at, ms_played,
        {{ came_by_itself('reason_start') }} as came_by_itself
    from {{ ref('int_plays_reconciled') }} as plays
    where not is_covered and not is_excluded
        and {{ begins_in_windows() }}

),

{% set in_order = 'partition by user_id order by started_at, play_id' -%}
{% set gap = var('session_gap_minutes') * 60000 -%}
followed as (

    select
        *,
        came_by_itself and coalesce(started_at <= {{ plus_ms('max(ended_at) over (' ~ in_order ~ ' rows between unbounded preceding and 1 preceding)', gap) }}, false)
            as goes_on
    from plays

),

numbered as (

    select
        *,
        sum(case when goes_on then 0 else 1 end) over ({{ in_order }} rows between unbounded preceding and current row) as nth_run
    from followed

),

{% set four_hours = 4 * 3600 * 1000 -%}
{% set local_end = 'max(' ~ plus_ms('local_started_at', 'ms_played') ~ ')' -%}
-- Three hours or more without a touch, and still playing at four in the morning.
nights as (

    select user_id, nth_run, min(started_at) as run_started_at, max(ended_at) as run_ended_at, min(local_started_at) as run_local_started_at
    from numbered
    group by user_id, nth_run
    having max(ended_at) >= {{ plus_ms('min(started_at)', '10800000') }}
        and cast({{ plus_ms('min(local_started_at)', -four_hours) }} as date) < cast({{ plus_ms(local_end, -four_hours) }} as date)

),

asleep as (

    select numbered.play_id, nights.run_started_at, nights.run_ended_at, nights.run_local_started_at
    from numbered
    inner join nights on nights.user_id = numbered.user_id and nights.nth_run = numbered.nth_run

),

heard as (

    select
        plays.user_id,
        asleep.run_started_at,
        plays.recording_key,
        max(asleep.run_ended_at) as run_ended_at,
        max(asleep.run_local_started_at) as run_local_started_at,
        max(plays.artist_key) as artist_key,
        count(*) as plays,
        cast(sum(plays.ms_played) as bigint) as ms_played
    from asleep
    inner join {{ ref('int_plays_reconciled') }} as plays on plays.play_id = asleep.play_id
    where {{ is_music() }} and plays.recording_key is not null
        and plays.started_at >= (select {{ or_never('min(run_started_at)') }} from asleep)
        and plays.started_at <= (select max(run_ended_at) from asleep)
    group by 1, 2, 3

)

select * from heard
