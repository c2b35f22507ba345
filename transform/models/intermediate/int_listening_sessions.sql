with

plays as (

    select user_id, play_id, started_at, ended_at, local_started_at, ms_played, is_counted
    from {{ ref('int_plays_reconciled') }}
    where not is_covered

),

-- Plays may overlap on two devices: silence begins when the last of them is over.
gaps as (

    select
        *,
        max(ended_at) over (
            partition by user_id order by started_at, play_id rows between unbounded preceding and 1 preceding
        ) as quiet_since
    from plays

),

numbered as (

    select
        *,
        sum(case
            when started_at <= {{ plus_ms('quiet_since', var('session_gap_minutes') * 60000) }} then 0
            else 1
        end) over (partition by user_id order by started_at, play_id rows between unbounded preceding and current row) as nth_session
    from gaps

),

sessions as (

    select
        md5(user_id || '|' || cast(min(started_at) as varchar)) as session_id,
        user_id,
        cast(nth_session as integer) as nth_session,
        min(started_at) as started_at,
        max(ended_at) as ended_at,
        min(local_started_at) as local_started_at,
        count(*) as plays,
        cast(sum(case when is_counted then 1 else 0 end) as bigint) as counted_plays,
        cast(sum(ms_played) as bigint) as ms_played
    from numbered
    group by user_id, nth_session

)

select * from sessions
