with

-- A track's weight is shared by its artists, where the Web API told of them; else it is all its album artist's.
credited as (

    select
        months.user_id,
        months.month,
        coalesce(credits.artist_key, months.artist_key) as artist_key,
        {{ exact_sum('months.ms_played * coalesce(credits.weight, 1)') }} as ms_played,
        {{ exact_sum('months.counted_ms * coalesce(credits.weight, 1)') }} as counted_ms
    from {{ ref('int_monthly_tracks') }} as months
    left join {{ ref('int_track_artists') }} as credits on credits.track_key = months.track_key
    group by 1, 2, 3

),

monthly as (

    select
        credited.user_id,
        credited.month,
        coalesce(families.family, 'unknown') as family,
        {{ exact_sum('credited.ms_played * coalesce(families.weight, 1)') }} as ms_played,
        {{ exact_sum('credited.counted_ms * coalesce(families.weight, 1)') }} as counted_ms
    from credited
    left join {{ ref('int_artist_families') }} as families on families.artist_key = credited.artist_key
    group by 1, 2, 3

),

dated as (

    select *, min(month) over (partition by user_id) as first_month from monthly

),

periods as (

    {% for name, start in periods_of_months().items() -%}
    select
        user_id,
        '{{ name }}' as period,
        {{ start }} as period_start,
        family,
        family <> 'unknown' as is_known,
        {{ exact_sum('ms_played') }} as ms_played,
        {{ exact_sum('counted_ms') }} as counted_ms
    from dated
    group by 1, 2, 3, 4
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

last_days as (

    select user_id, max(date) as last_day
    from {{ ref('fct_daily_listening') }}
    group by 1

),

totals as (

    select
        user_id,
        period,
        period_start,
        nullif({{ exact_sum('counted_ms') }}, 0) as counted_ms,
        nullif({{ exact_sum('case when is_known then counted_ms else 0 end') }}, 0) as known_ms
    from periods
    group by 1, 2, 3

),

ranked as (

    select
        periods.user_id,
        periods.period,
        periods.period_start,
        coalesce({{ period_end('periods') }} > last_days.last_day, false) as is_unfinished,
        periods.family,
        periods.is_known,
        round(periods.ms_played, 3) as ms_played,
        round(periods.counted_ms, 3) as counted_ms,
        round(periods.counted_ms / totals.counted_ms, 6) as share,
        case when periods.is_known then round(periods.counted_ms / totals.known_ms, 6) end as share_of_known,
        case when periods.is_known and periods.counted_ms > 0 then rank() over (
            partition by periods.user_id, periods.period, periods.period_start
            order by case when periods.is_known then 0 else 1 end, round(periods.counted_ms, 3) desc
        ) end as rank,
        round(coalesce(totals.known_ms, 0) / totals.counted_ms, 6) as coverage
    from periods
    inner join totals on {{ same_period('totals', 'periods') }}
    left join last_days on last_days.user_id = periods.user_id

)

select * from ranked
