{#- In samples of equally many plays a quiet month compares with a loud one. -#}
{%- set samples = [30, 100] -%}
{%- set period = ['user_id', 'period', 'period_start'] -%}
with

months as (

    select *, min(month) over (partition by user_id) as first_month
    from {{ ref('int_monthly_artists') }}
    where counted_plays > 0

),

heard as (

    {% for name, start in periods_of_months().items() -%}
    select
        user_id,
        '{{ name }}' as period,
        {{ start }} as period_start,
        artist_key,
        is_artist,
        cast(sum(counted_plays) as bigint) as plays
    from months
    group by 1, 2, 3, 4, 5
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

totals as (

    select
        {{ period | join(', ') }},
        cast(sum(plays) as bigint) as counted_plays,
        cast(sum(case when is_artist then plays else 0 end) as bigint) as artist_plays,
        count(case when is_artist then 1 end) as artists
    from heard
    group by 1, 2, 3

),

artists as (

    select
        heard.user_id,
        heard.period,
        heard.period_start,
        heard.artist_key,
        heard.plays,
        totals.artist_plays,
        totals.artists,
        cast(heard.plays as double) / totals.artist_plays as share
    from heard
    inner join totals on {{ same_period('totals', 'heard') }}
    where heard.is_artist

),

-- Artists of equally many plays are alike: how many there are says as much as they do, in fewer rows.
alike as (

    select {{ period | join(', ') }}, artist_plays, artists, plays, count(*) as alike
    from artists
    group by 1, 2, 3, 4, 5, 6

),

ranked as (

    select
        *,
        sum(alike) over (partition by {{ period | join(', ') }} order by plays rows between unbounded preceding and current row) - alike as less_played,
        sum(alike) over (partition by {{ period | join(', ') }} order by plays desc rows between unbounded preceding and current row) - alike as more_played
    from alike

),

-- Gini weighs plays by the rank of their artist, from the least played on; the ranks of those alike begin behind `less_played`.
spread as (

    select
        {{ period | join(', ') }},
        exp(ln(artist_plays) - {{ exact_sum('alike * plays * ln(plays)') }} / artist_plays) as effective_artists,
        cast(sum(plays * alike * (2 * less_played + alike + 1)) as double) / artist_plays / artists - (artists + 1e0) / artists as gini,
        cast(sum(plays * greatest(0, least(alike, 10 - more_played))) as double) / artist_plays as top_ten_share
    from ranked
    group by 1, 2, 3, artist_plays, artists

),

sizes as (

    {% for size in samples -%}
    select {{ size }} as size
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

numbers as (

    {{ dbt.generate_series(samples | max) }}

),

-- How many artists are to be expected with exactly so many plays in a sample drawn from the period: hypergeometric.
{% set times = 'numbers.generated_number' -%}
drawn as (

    select
        alike.user_id,
        alike.period,
        alike.period_start,
        sizes.size,
        {{ times }} as times,
        {{ exact_sum('alike.alike * exp(' ~ ln_choices('alike.plays', times)
            ~ ' + ' ~ ln_choices('(alike.artist_plays - alike.plays)', '(sizes.size - ' ~ times ~ ')')
            ~ ' - ' ~ ln_choices('alike.artist_plays', 'sizes.size') ~ ')') }} as artists
    from alike
    inner join sizes on sizes.size <= alike.artist_plays
    inner join numbers
        on {{ times }} <= least(sizes.size, alike.plays)
        and {{ times }} >= sizes.size - (alike.artist_plays - alike.plays)
    group by 1, 2, 3, 4, 5

),

sampled as (

    select
        {{ period | join(', ') }}
        {%- for size in samples %},
        {{ exact_sum('case when size = ' ~ size ~ ' then artists end') }} as artists_in_{{ size }}_plays,
        exp({{ exact_sum('case when size = ' ~ size ~ ' then artists * times * ln(cast(size as double) / times) / size end') }})
            as effective_artists_in_{{ size }}_plays
        {%- endfor %}
    from drawn
    group by 1, 2, 3

),

-- Jensen-Shannon with base 2 is 1 where no artist is shared, and only shared ones take from it.
shared as (

    select
        now.user_id,
        now.period,
        now.period_start,
        {{ exact_sum('now.share * ln(now.share / (now.share + before.share)) + before.share * ln(before.share / (now.share + before.share))') }}
            / (2 * ln(2)) as less_apart
    from artists as now
    inner join artists as before
        on before.user_id = now.user_id
        and before.artist_key = now.artist_key
        and before.period = now.period
        and now.period_start = {{ period_end('before') }}
    group by 1, 2, 3

),

last_days as (

    select user_id, max(date) as last_day
    from {{ ref('fct_daily_listening') }}
    group by 1

),

described as (

    select
        totals.user_id,
        totals.period,
        totals.period_start,
        coalesce({{ period_end('totals') }} > last_days.last_day, false) as is_unfinished,
        totals.counted_plays,
        totals.artist_plays,
        totals.artists,
        round(spread.effective_artists, 6) as effective_artists,
        round(spread.gini, 6) as gini,
        round(spread.top_ten_share, 6) as top_ten_share,
        {%- for size in samples %}
        round(sampled.artists_in_{{ size }}_plays, 6) as artists_in_{{ size }}_plays,
        round(sampled.effective_artists_in_{{ size }}_plays, 6) as effective_artists_in_{{ size }}_plays,
        {%- endfor %}
        case
            when before.artist_plays > 0 and totals.artist_plays > 0
                then round(sqrt(greatest(0, round(1 + coalesce(shared.less_apart, 0), 9))), 6)
        end as drift
    from totals
    left join last_days on last_days.user_id = totals.user_id
    left join spread on {{ same_period('spread', 'totals') }}
    left join sampled on {{ same_period('sampled', 'totals') }}
    left join shared on {{ same_period('shared', 'totals') }}
    left join totals as before
        on before.user_id = totals.user_id
        and before.period = totals.period
        and totals.period_start = {{ period_end('before') }}

)

select * from described
