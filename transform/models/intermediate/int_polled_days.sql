{{ config(materialized='view') }}
-- Between two pages without a gap nothing was missed, however long ago the other was: an idle day shows no new page.
with

pages as (

    select user_id, min(first_at) as from_at, max(fetched_at) as until_at
    from {{ source('lake', 'pages') }}
    where dataset = 'recently_played' and first_at is not null
    group by 1

),

{% for name, stretches in [('polled', 'pages'), ('gaps', ref('int_polling_gaps'))] -%}
{{ name }} as (

    select
        stretches.user_id,
        cast({{ home_time('stretches.from_at', 'first_zones.zone') }} as date) as first_day,
        cast({{ home_time('stretches.until_at', 'last_zones.zone') }} as date) as last_day
    from {{ stretches }} as stretches
    {{ join_zone('first_zones', 'stretches.user_id', 'stretches.from_at') }}
    {{ join_zone('last_zones', 'stretches.user_id', 'stretches.until_at') }}

),

{% endfor -%}
days as (

    select
        polled.user_id,
        dates.date,
        dates.date > polled.first_day and dates.date < polled.last_day as is_whole,
        count(gaps.user_id) > 0 as has_gap
    from polled
    inner join {{ ref('dim_date') }} as dates on dates.date between polled.first_day and polled.last_day
    left join gaps on gaps.user_id = polled.user_id and dates.date between gaps.first_day and gaps.last_day
    group by 1, 2, 3

)

select * from days
