with

-- An earlier version noted months; after it everything is built anew.
touches as (

    select distinct user_id, day
    from {{ source('lake', 'touches') }}
    where load_number > {{ last_built() }} and day is not null

),

around as (

    {% for days in range(-2, 3) -%}
    select user_id, cast({{ dbt.dateadd('day', days, 'day') }} as date) as day, {{ days | abs }} as distance
    from touches
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

nearest as (

    select user_id, day, min(distance) as distance
    from around
    group by 1, 2

)

select * from nearest
