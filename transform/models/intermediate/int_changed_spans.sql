with

{% set gap = var('session_gap_minutes') * 60000 -%}
changed as (

    select
        user_id,
        {{ plus_ms('started_at', '-' ~ gap) }} as from_at,
        {{ plus_ms('ended_at', gap) }} as until_at
    from {{ changed_rows('int_plays_reconciled') }} as changes

),

-- A few long stretches compare faster than many short ones: what lies less than three days apart is one.
numbered as (

    select
        *,
        from_at > {{ dbt.dateadd('day', 3, "max(until_at) over (
            partition by user_id order by from_at, until_at rows between unbounded preceding and 1 preceding
        )") }} as is_apart
    from changed

),

stretches as (

    select
        user_id,
        from_at,
        until_at,
        sum(case when is_apart then 1 else 0 end) over (
            partition by user_id order by from_at, until_at rows between unbounded preceding and current row
        ) as nth_stretch
    from numbered

),

spans as (

    select user_id, min(from_at) as from_at, max(until_at) as until_at
    from stretches
    group by user_id, nth_stretch

)

select * from spans
