-- Hours by artist, by hour and by family of genres are the hours of the days, for each listener and month, to the millisecond.
{% set days = ref('fct_daily_listening') -%}
{% set month = first_of('month', 'date') -%}
with

days as (

    select user_id, {{ month }} as month, sum(ms_played) as ms_played, sum(counted_ms) as counted_ms
    from {{ days }}
    group by 1, 2

),

views as (

    select 'track' as what, user_id, month, sum(ms_played) as ms_played, sum(counted_ms) as counted_ms
    from {{ ref('int_monthly_tracks') }}
    group by 1, 2, 3
    union all
    select 'artist', user_id, month, sum(ms_played), sum(counted_ms)
    from {{ ref('int_monthly_artists') }}
    group by 1, 2, 3
    union all
    select 'hour', user_id, {{ month }}, sum(ms_played), sum(counted_ms)
    from {{ ref('int_listening_patterns') }}
    group by 1, 2, 3
    union all
    select 'genre', user_id, period_start, round(sum(ms_played)), round(sum(counted_ms))
    from {{ ref('rpt_genre_evolution') }}
    where period = 'month'
    group by 1, 2, 3
    union all
    select 'mood', user_id, cast(bucket || '-01' as date), null, sum(counted_ms)
    from {{ ref('rpt_mood') }}
    where dimension = 'month'
    group by 1, 2, 3

),

kinds as (

    select distinct what from views

),

compared as (

    select
        kinds.what,
        days.user_id,
        days.month,
        days.ms_played,
        days.counted_ms,
        coalesce(views.ms_played, case when kinds.what = 'mood' then days.ms_played else 0 end) as ms_played_of_view,
        coalesce(views.counted_ms, 0) as counted_ms_of_view
    from days
    cross join kinds
    left join views on views.what = kinds.what and views.user_id = days.user_id and views.month = days.month

)

select * from compared
where ms_played <> ms_played_of_view or counted_ms <> counted_ms_of_view
