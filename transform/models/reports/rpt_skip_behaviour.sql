{%- set ages = ['first play', 'first week', 'first month', 'first year', 'older'] -%}
with

by_hour as (

    select
        user_id,
        'hour' as dimension,
        lpad(cast(hour as varchar), 2, '0') as bucket,
        hour as bucket_order,
        cast(sum(judged_plays) as bigint) as plays,
        cast(sum(skips) as bigint) as skips
    from {{ ref('int_listening_patterns') }}
    group by 1, 2, 3, 4

),

by_newness as (

    {% for age in ages -%}
    select
        user_id,
        'newness' as dimension,
        '{{ age }}' as bucket,
        {{ loop.index0 }} as bucket_order,
        cast(sum(judged_plays_{{ loop.index0 }}) as bigint) as plays,
        cast(sum(skips_{{ loop.index0 }}) as bigint) as skips
    from {{ ref('int_first_listens') }}
    where entity_type = 'recording'
    group by 1
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- How plays began: bucket by bucket, the most frequent first.
by_start as (

    {% for dimension in ['reason_start', 'shuffle', 'context'] -%}
    select
        user_id,
        '{{ dimension }}' as dimension,
        {{ dimension }} as bucket,
        row_number() over (partition by user_id order by sum(judged_plays) desc, {{ dimension }}) - 1 as bucket_order,
        cast(sum(judged_plays) as bigint) as plays,
        cast(sum(skips) as bigint) as skips
    from {{ ref('int_daily_starts') }}
    group by 1, 2, 3
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

all_kinds as (

    select * from by_hour
    union all
    select * from by_newness
    union all
    select * from by_start

),

rates as (

    select *, cast(skips as double) / plays as skip_rate
    from all_kinds
    where plays > 0

)

select * from rates
