with

endings as (

    select user_id, 'all' as period, step, skips, other_ends from {{ ref('int_daily_endings') }}
    union all
    select user_id, cast(extract(year from date) as varchar) as period, step, skips, other_ends from {{ ref('int_daily_endings') }}

),

steps as (

    {% for step in range(37) -%}
    select {{ step }} as step {{ 'union all' if not loop.last }}
    {% endfor %}

),

summed as (

    select user_id, period, step, cast(sum(skips) as bigint) as skips, cast(sum(other_ends) as bigint) as other_ends
    from endings
    group by 1, 2, 3

),

totals as (

    select user_id, period, cast(sum(skips + other_ends) as bigint) as plays
    from summed
    group by 1, 2

),

-- At each step as many are still playing as did not end before it.
at_risk as (

    select
        totals.user_id,
        totals.period,
        steps.step,
        totals.plays - coalesce(sum(summed.skips + summed.other_ends) over (
            partition by totals.user_id, totals.period order by steps.step rows between unbounded preceding and 1 preceding
        ), 0) as at_risk,
        coalesce(summed.skips, 0) as skips,
        coalesce(summed.other_ends, 0) as other_ends
    from totals
    cross join steps
    left join summed
        on summed.user_id = totals.user_id
        and summed.period = totals.period
        and summed.step = steps.step

),

-- Kaplan and Meier: of those still playing the share that goes on, step by step. Who ends otherwise leaves the count after the
-- step, for nobody knows whether they would have been skipped; after the last has left, nothing more is known.
survival as (

    select
        user_id,
        period,
        step * 5 as seconds,
        cast(at_risk as bigint) as at_risk,
        skips,
        other_ends,
        case
            when max(case when at_risk > 0 and skips = at_risk then 1 else 0 end) over (
                partition by user_id, period order by step rows between unbounded preceding and current row
            ) = 1 then 0.0
            when at_risk = 0 then null
            else round(exp(sum(case when at_risk > skips then ln(1 - cast(skips as double) / at_risk) else 0 end) over (
                partition by user_id, period order by step rows between unbounded preceding and current row
            )), 6)
        end as still_playing_share
    from at_risk

)

select * from survival
