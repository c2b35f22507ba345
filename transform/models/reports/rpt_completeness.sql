with

days as (

    select user_id, cast({{ dbt.date_trunc('month', 'date') }} as date) as month, date, coverage
    from {{ ref('fct_daily_listening') }}

),

covered as (

    select
        user_id,
        month,
        count(*) as days
        {%- for coverage in ['archive', 'api', 'both', 'account', 'partial', 'gap'] %},
        count(case when coverage = '{{ coverage }}' then 1 end) as {{ coverage }}_days
        {%- endfor %}
    from days
    group by 1, 2

),

-- Gaps of the polls belong to the month in which they begin.
gaps as (

    select
        polling.user_id,
        cast({{ dbt.date_trunc('month', home_time('polling.from_at', 'zones.zone')) }} as date) as month,
        count(*) as gaps,
        count(case when not polling.is_filled then 1 end) as open_gaps,
        cast(sum({{ dbt.datediff('polling.from_at', 'polling.until_at', 'second') }}) / 3600.0 as double) as gap_hours
    from {{ ref('int_polling_gaps') }} as polling
    {{ join_zone('zones', 'polling.user_id', 'polling.from_at') }}
    group by 1, 2

),

-- How many of the plays that Spotify should have listed were seen: whole days of polling that an archive tells as well.
measured as (

    select
        polled.user_id,
        cast({{ dbt.date_trunc('month', 'polled.date') }} as date) as month,
        cast(sum(heard.listable_plays) as bigint) as listable_plays,
        cast(sum(heard.listed_plays) as bigint) as listed_plays
    from {{ ref('int_polled_days') }} as polled
    inner join {{ ref('int_daily_plays') }} as heard on heard.user_id = polled.user_id and heard.date = polled.date
    where polled.is_whole
    group by 1, 2

),

polled as (

    select user_id, cast({{ dbt.date_trunc('month', 'date') }} as date) as month, cast(sum(polled_plays) as bigint) as polled_plays
    from {{ ref('int_daily_plays') }}
    group by 1, 2

),

months as (

    select
        covered.*,
        coalesce(polled.polled_plays, 0) as polled_plays,
        coalesce(gaps.gaps, 0) as gaps,
        coalesce(gaps.open_gaps, 0) as open_gaps,
        coalesce(gaps.gap_hours, 0) as gap_hours,
        coalesce(measured.listable_plays, 0) as listable_plays,
        coalesce(measured.listed_plays, 0) as listed_plays,
        cast(measured.listed_plays as double) / nullif(measured.listable_plays, 0) as recall
    from covered
    left join polled on polled.user_id = covered.user_id and polled.month = covered.month
    left join gaps on gaps.user_id = covered.user_id and gaps.month = covered.month
    left join measured on measured.user_id = covered.user_id and measured.month = covered.month

)

select * from months
