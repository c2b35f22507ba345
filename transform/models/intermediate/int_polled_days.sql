{{ config(materialized='view') }}
-- Between two pages without a gap nothing was missed, however long ago the other was: an idle day shows no new page.
{% set home = "'" ~ var('home_time_zone') ~ "'" -%}
with

polled as (

    select
        user_id,
        cast({{ local_time('min(first_at)', home) }} as date) as first_day,
        cast({{ local_time('max(fetched_at)', home) }} as date) as last_day
    from {{ source('lake', 'pages') }}
    where dataset = 'recently_played' and first_at is not null
    group by 1

),

gaps as (

    select
        user_id,
        cast({{ local_time('from_at', home) }} as date) as first_day,
        cast({{ local_time('until_at', home) }} as date) as last_day
    from {{ ref('int_polling_gaps') }}

),

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
