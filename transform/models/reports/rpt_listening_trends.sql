{%- set sums = ['plays', 'counted_plays', 'ms_played', 'counted_ms', 'new_tracks', 'new_artists', 'skips', 'podcast_ms', 'audiobook_ms'] -%}
{%- set starts = {
    'day': 'daily.date', 'week': 'dates.week_start', 'month': 'dates.month_start', 'season': 'dates.season_start',
} -%}
{%- set ends = {
    'day': dbt.dateadd('day', 1, 'period_start'), 'week': dbt.dateadd('day', 7, 'period_start'),
    'month': dbt.dateadd('month', 1, 'period_start'), 'season': dbt.dateadd('month', 3, 'period_start'),
} -%}
{#- A day or week compares with the one 52 weeks before, so that weekdays meet. -#}
{%- set years_before = {
    'day': dbt.dateadd('day', -364, 'period_start'), 'week': dbt.dateadd('day', -364, 'period_start'),
    'month': dbt.dateadd('month', -12, 'period_start'), 'season': dbt.dateadd('month', -12, 'period_start'),
} -%}
with

daily as (

    select * from {{ ref('fct_daily_listening') }}

),

last_days as (

    select user_id, max(date) as last_day
    from daily
    group by 1

),

periods as (

    {% for period, start in starts.items() -%}
    select
        daily.user_id,
        '{{ period }}' as period,
        {{ start }} as period_start
        {%- for column in sums %},
        cast(sum(daily.{{ column }}) as bigint) as {{ column }}
        {%- endfor %}
    from daily
    inner join {{ ref('dim_date') }} as dates on dates.date = daily.date
    group by 1, 2, 3
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

bounded as (

    select
        *,
        cast(case period
            {%- for period, end in ends.items() %}
            when '{{ period }}' then {{ end }}
            {%- endfor %}
        end as date) as period_end,
        cast(case period
            {%- for period, before in years_before.items() %}
            when '{{ period }}' then {{ before }}
            {%- endfor %}
        end as date) as year_before_start,
        case when period = 'day' then avg(counted_plays) over (
            partition by user_id, period order by period_start rows between 6 preceding and current row
        ) end as counted_plays_7_day_average,
        case when period = 'day' then avg(counted_plays) over (
            partition by user_id, period order by period_start rows between 29 preceding and current row
        ) end as counted_plays_30_day_average,
        case when period = 'day' then avg(counted_ms) over (
            partition by user_id, period order by period_start rows between 6 preceding and current row
        ) end as counted_ms_7_day_average,
        case when period = 'day' then avg(counted_ms) over (
            partition by user_id, period order by period_start rows between 29 preceding and current row
        ) end as counted_ms_30_day_average
    from periods

),

compared as (

    select
        now.user_id,
        now.period,
        now.period_start,
        now.period_end,
        now.period_end > {{ dbt.dateadd('day', 1, 'last_days.last_day') }} as is_unfinished,
        {% for column in sums -%}
        now.{{ column }},
        {% endfor -%}
        now.counted_plays_7_day_average,
        now.counted_plays_30_day_average,
        now.counted_ms_7_day_average,
        now.counted_ms_30_day_average,
        year_before.counted_plays as counted_plays_year_before,
        year_before.counted_ms as counted_ms_year_before
    from bounded as now
    inner join last_days on last_days.user_id = now.user_id
    left join bounded as year_before
        on year_before.user_id = now.user_id
        and year_before.period = now.period
        and year_before.period_start = now.year_before_start

)

select * from compared
