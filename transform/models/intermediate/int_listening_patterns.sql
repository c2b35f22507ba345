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
        hours.user_id,
        hours.date,
        hours.hour,
        {{ iso_weekday('hours.date') }} as weekday,
        cast({{ dbt.date_trunc('week', 'hours.date') }} as date) as week_start,
        {{ season('hours.date', "case when zones.zone is null then " ~ home_is_southern() ~ " else zones.is_southern end") }} as season,
        hours.plays,
        hours.counted_plays,
        hours.ms_played,
        hours.counted_ms,
        hours.judged_plays,
        hours.skips
    from hours
    {{ join_zone_of_day('zones', 'hours.user_id', 'hours.date') }}

)

select * from placed
