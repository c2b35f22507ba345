{{ config(materialized='increment', unique_key=['session_id'], scope=[{'overlaps': 'int_changed_spans', 'from': 'started_at', 'until': 'ended_at'}]) }}
{% set changed_spans = none if is_unit_test() else ref('int_changed_spans') -%}
-- Somebody who goes from music to a podcast or plays something in private is still listening: every play belongs to a session,
-- and columns tell how much of it is the music that hours and plays speak of.
with

{% if is_increment() -%}
-- From the beginning of the first session that a change may touch to the end of the last.
windows as (

    select
        spans.user_id,
        least(spans.from_at, coalesce(min(sessions.started_at), spans.from_at)) as from_at,
        greatest(spans.until_at, coalesce(max(sessions.ended_at), spans.until_at)) as until_at
    from {{ changed_spans }} as spans
    left join {{ this }} as sessions
        on sessions.user_id = spans.user_id
        and sessions.started_at <= spans.until_at
        and sessions.ended_at >= spans.from_at
    group by spans.user_id, spans.from_at, spans.until_at

),

{% endif -%}
plays as (

    select
        user_id, started_at, ended_at, local_started_at, ms_played, is_counted, is_skipped,
        {{ is_music() }} as is_music,
        is_incognito
    from {{ ref('int_plays_reconciled') }} as plays
    where not is_covered and not is_excluded
        and {{ begins_in_windows() }}

),

-- Plays may overlap on two devices: silence begins when the last of them is over. Of plays that begin together one at most
-- begins a session, whichever comes first.
quiet as (

    select
        *,
        max(ended_at) over (partition by user_id order by started_at rows between unbounded preceding and 1 preceding) as quiet_since
    from plays

),

begun as (

    select
        * exclude (quiet_since),
        case when started_at <= {{ plus_ms('quiet_since', var('session_gap_minutes') * 60000) }} then 0 else 1 end as begins
    from quiet

),

numbered as (

    select
        *,
        sum(begins) over (
            partition by user_id order by started_at, begins desc rows between unbounded preceding and current row
        ) as nth_session
    from begun

),

sessions as (

    select
        md5(user_id || '|' || cast(min(started_at) as varchar)) as session_id,
        user_id,
        min(started_at) as started_at,
        max(ended_at) as ended_at,
        min(local_started_at) as local_started_at,
        count(*) as plays,
        cast(sum(case when is_counted then 1 else 0 end) as bigint) as counted_plays,
        cast(sum(ms_played) as bigint) as ms_played,
        count(case when is_music then 1 end) as music_plays,
        cast(sum(case when is_music then ms_played else 0 end) as bigint) as music_ms,
        count(case when is_music and is_skipped then 1 end) as skips,
        count(case when is_incognito then 1 end) as private_plays
    from numbered
    group by user_id, nth_session

)

select * from sessions
