{{ config(materialized='increment', unique_key=['user_id', 'date', 'step'], scope=[
    {'keys': ['user_id', 'date'], 'of': 'int_plays_reconciled', 'named': ['user_id', 'cast(local_started_at as date)']},
]) }}
-- Steps of five seconds: 0 is a play that lasted no time at all, 1 one of up to five seconds, 37 one of more than three minutes.
with

plays as (

    select
        user_id,
        cast(local_started_at as date) as date,
        cast(least(37, ceil(ms_played / 5000.0)) as integer) as step,
        is_skipped
    from {{ ref('int_plays_reconciled') }}
    where {{ is_music() }} and is_skipped is not null
        and {{ on_changed_day() }}

),

counted as (

    select
        user_id,
        date,
        step,
        count(case when is_skipped then 1 end) as skips,
        count(case when not is_skipped then 1 end) as other_ends
    from plays
    group by 1, 2, 3

)

select * from counted
