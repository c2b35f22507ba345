{{ config(materialized='increment', unique_key=['user_id', 'date', 'hour'], scope=[
    {'keys': ['user_id', 'date'], 'of': 'int_plays_reconciled', 'named': ['user_id', 'cast(local_started_at as date)']},
]) }}
with

plays as (

    select
        user_id,
        cast(local_started_at as date) as date,
        cast(extract(hour from local_started_at) as integer) as hour,
        ms_played,
        is_counted,
        is_skipped
    from {{ ref('int_plays_reconciled') }}
    where {{ is_music() }}
        and {{ on_changed_day() }}

),

hours as (

    select
        user_id,
        date,
        hour,
        count(*) as plays,
        cast(sum(case when is_counted then 1 else 0 end) as bigint) as counted_plays,
        cast(sum(ms_played) as bigint) as ms_played,
        cast(sum(case when is_counted then ms_played else 0 end) as bigint) as counted_ms,
        count(is_skipped) as judged_plays,
        cast(sum(case when is_skipped then 1 else 0 end) as bigint) as skips
    from plays
    group by 1, 2, 3

),

placed as (

    select
        user_id,
        date,
        hour,
        {{ iso_weekday('date') }} as weekday,
        cast({{ dbt.date_trunc('week', 'date') }} as date) as week_start,
        {{ season('date', home_is_southern()) }} as season,
        plays,
        counted_plays,
        ms_played,
        counted_ms,
        judged_plays,
        skips
    from hours

)

select * from placed
