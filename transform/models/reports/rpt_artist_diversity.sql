{#- In samples of equally many plays a quiet month compares with a loud one. -#}
{%- set samples = [30, 100] -%}
{%- set period = ['user_id', 'period', 'period_start'] -%}
with

months as (

    select *, min(month) over (partition by user_id) as first_month
    from {{ ref('int_monthly_artists') }}
    where counted_plays > 0

),

-- A month's artists are there already, those of longer periods are summed up.
heard as (

    {% for name, start in periods_of_months().items() -%}
    select
        user_id,
        '{{ name }}' as period,
        {{ start }} as period_start,
        artist_key,
        is_artist,
        {{ 'counted_plays' if name == 'month' else 'cast(sum(counted_plays) as bigint)' }} as plays
    from months
    {{ 'union all' if name == 'month' else 'group by 1, 2, 3, 4, 5' }}
    {{ 'union all' if name == 'year' }}
    {% endfor %}

),

-- Artists of equally many plays are alike: how many there are says as much as they do, in fewer rows.
counts as (

    select {{ period | join(', ') }}, is_artist, plays, count(*) as alike
    from heard
    group by 1, 2, 3, 4, 5

),

totals as (

    select
        {{ period | join(', ') }},
        cast(sum(alike * plays) as bigint) as counted_plays,
        cast(sum(case when is_artist then alike * plays else 0 end) as bigint) as artist_plays,
        cast(sum(case when is_artist then alike else 0 end) as bigint) as artists
    from counts
    group by 1, 2, 3

),

alike as (

    select
        counts.user_id,
        counts.period,
        counts.period_start,
        totals.artist_plays,
        totals.artists,
        counts.plays,
        counts.alike
    from counts
    inner join totals on {{ same_period('totals', 'counts') }}
    where counts.is_artist

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

numbers as (

    {{ dbt.generate_series(samples | max) }}

),

places as (

    {% for size in samples -%}
    select
        {{ size }} as size,
        generated_number as times,
        {{ ln_factorial('generated_number') }} + {{ ln_factorial('(' ~ size ~ ' - generated_number)') }} as ln_orders
    from numbers
    where generated_number <= {{ size }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

drawn_from as (

    {% for size in samples -%}
    select
        *,
        {{ size }} as size,
        {{ ln_factorial('plays') }} + {{ ln_factorial('(artist_plays - plays)') }} - {{ ln_choices('artist_plays', size) }} as ln_chance
    from alike
    where artist_plays >= {{ size }}
    {{ 'union all' if not loop.last }}
    {% endfor %}

),

-- How many artists are to be expected with exactly so many plays in a sample drawn from the period. The chance is hypergeometric: choices
-- of `times` out of the artist's plays, and of the rest out of those of others, among all samples; its factorials are looked up where they can.
drawn as (

    select
        drawn_from.user_id,
        drawn_from.period,
        drawn_from.period_start,
        drawn_from.size,
        places.times,
        {{ exact_sum('drawn_from.alike * exp(drawn_from.ln_chance - places.ln_orders - ' ~ ln_factorial('(drawn_from.plays - places.times)')
            ~ ' - ' ~ ln_factorial('(drawn_from.artist_plays - drawn_from.plays - places.size + places.times)') ~ ')') }} as artists
    from drawn_from
    inner join places
        on places.size = drawn_from.size
        and places.times <= drawn_from.plays
        and places.times >= places.size - (drawn_from.artist_plays - drawn_from.plays)
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

met_again as (

    select
        now.user_id,
        now.period,
        now.period_start,
        now.plays,
        earlier.period_start as before_start,
        earlier.plays as plays_before
    from heard as now
    inner join heard as earlier
        on earlier.user_id = now.user_id
        and earlier.artist_key = now.artist_key
        and earlier.period = now.period
        and now.period_start = {{ period_end('earlier') }}
    where now.is_artist

),

shares as (

    select
        met_again.user_id,
        met_again.period,
        met_again.period_start,
        cast(met_again.plays as double) / totals.artist_plays as share,
        cast(met_again.plays_before as double) / earlier.artist_plays as share_before
    from met_again
    inner join totals on {{ same_period('totals', 'met_again') }}
    inner join totals as earlier
        on earlier.user_id = met_again.user_id
        and earlier.period = met_again.period
        and earlier.period_start = met_again.before_start

),

-- Jensen-Shannon with base 2 is 1 where no artist is shared, and only shared ones take from it.
shared as (

    select
        {{ period | join(', ') }},
        {{ exact_sum('share * ln(share / (share + share_before)) + share_before * ln(share_before / (share + share_before))') }}
            / (2 * ln(2)) as less_apart
    from shares
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
            when earlier.artist_plays > 0 and totals.artist_plays > 0
                then round(sqrt(greatest(0, round(1 + coalesce(shared.less_apart, 0), 9))), 6)
        end as drift
    from totals
    left join last_days on last_days.user_id = totals.user_id
    left join spread on {{ same_period('spread', 'totals') }}
    left join sampled on {{ same_period('sampled', 'totals') }}
    left join shared on {{ same_period('shared', 'totals') }}
    left join totals as earlier
        on earlier.user_id = totals.user_id
        and earlier.period = totals.period
        and totals.period_start = {{ period_end('earlier') }}

)

select * from described
