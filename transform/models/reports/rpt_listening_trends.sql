{%- set sums = ['plays', 'counted_plays', 'ms_played', 'counted_ms', 'new_tracks', 'new_artists', 'skips', 'podcast_ms', 'audiobook_ms'] -%}
{%- set starts = {
    'day': 'daily.date', 'week': 'dates.week_start', 'month': 'dates.month_start', 'season': 'dates.season_start',
} -%}
with

daily as (

    select * from {{ ref('fct_daily_listening') }}

),

histories as (

    select user_id, min(date) as first_day, max(date) as last_day
    from daily
    group by 1

),

periods as (

    {% for period, start in starts.items() -%}
    select
        daily.user_id,
        '{{ period }}' as period,
        {{ start }} as period_start,
        {{ 'dates.season' if period == 'season' else 'cast(null as varchar) as season' }},
        count(*) as days,
        count(case when daily.coverage = 'gap' then 1 end) as gap_days
        {%- for column in sums %},
        cast(sum(daily.{{ column }}) as bigint) as {{ column }}
        {%- endfor %}
    from daily
    inner join {{ ref('dim_date') }} as dates on dates.date = daily.date
    group by 1, 2, 3, 4
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- The average of seven days begins on the seventh day of the history: before, it would be one of fewer.
bounded as (

    select
        *,
        {{ period_end() }} as period_end,
        {{ year_before() }} as year_before_start
        {%- for column in ['counted_plays', 'counted_ms'] %}
        {%- for days in [7, 30] %}
        {%- set over = "over (partition by user_id, period order by period_start rows between " ~ (days - 1) ~ " preceding and current row)" %},
        case when period = 'day' and count(*) {{ over }} = {{ days }} then avg({{ column }}) {{ over }} end as {{ column }}_{{ days }}_day_average
        {%- endfor %}
        {%- endfor %}
    from periods

),

-- Only a period that the history tells from its first day on is there to compare with.
compared as (

    select
        now.user_id,
        now.period,
        now.period_start,
        now.period_end,
        now.season,
        now.period_end > histories.last_day as is_unfinished,
        now.days,
        now.gap_days,
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
    inner join histories on histories.user_id = now.user_id
    left join bounded as year_before
        on year_before.user_id = now.user_id
        and year_before.period = now.period
        and year_before.period_start = now.year_before_start
        and year_before.period_start >= histories.first_day

)

select * from compared
