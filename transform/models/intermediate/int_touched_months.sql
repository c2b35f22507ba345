with

touches as (

    select distinct user_id, {{ first_of('month', 'day') }} as month
    from {{ source('lake', 'touches') }}
    where load_number > {{ last_built() }} and day is not null

),

around as (

    {% for months in range(-5, 6) -%}
    select user_id, cast({{ dbt.dateadd('month', months, 'month') }} as date) as month, {{ months | abs }} as distance
    from touches
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

nearest as (

    select user_id, month, min(distance) as distance
    from around
    group by 1, 2

)

select * from nearest
