with

span as (

    select
        cast({{ dbt.date_trunc('year', 'min(local_started_at)') }} as date) as first_day,
        cast({{ dbt.dateadd('year', 1, dbt.date_trunc('year', 'max(greatest(local_started_at, reported_at))')) }} as date) as day_after_last
    from {{ ref('int_plays_reconciled') }}

),

numbers as (

    {{ dbt.generate_series(65536) }}

),

days as (

    select cast({{ dbt.dateadd('day', 'numbers.generated_number - 1', 'span.first_day') }} as date) as date
    from span
    cross join numbers
    where {{ dbt.dateadd('day', 'numbers.generated_number - 1', 'span.first_day') }} < span.day_after_last

),

described as (

    select
        date,
        cast(extract(year from date) as integer) as year,
        cast(extract(quarter from date) as integer) as quarter,
        cast(extract(month from date) as integer) as month,
        cast(extract(day from date) as integer) as day_of_month,
        {{ iso_weekday('date') }} as weekday,
        {{ iso_weekday('date') }} >= 6 as is_weekend,
        {{ iso_week('date') }} as iso_week,
        cast({{ dbt.date_trunc('week', 'date') }} as date) as week_start,
        cast({{ dbt.date_trunc('month', 'date') }} as date) as month_start,
        {{ season_start('date') }} as season_start,
        {{ season('date', home_is_southern()) }} as season
    from days

)

select * from described
