{%- set quadrants = {'high_valence_high_energy': ['>=', '>='], 'high_valence_low_energy': ['>=', '<'],
    'low_valence_high_energy': ['<', '>='], 'low_valence_low_energy': ['<', '<']} -%}
{%- set weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] -%}
with

months as (

    select user_id, month, track_key, counted_ms from {{ ref('int_monthly_tracks') }}

),

hours as (

    select user_id, weekday, hour, track_key, counted_ms from {{ ref('int_hourly_tracks') }}

),

features as (

    select track_key, valence, energy from {{ ref('stg_enrichment__audio_features') }}
    where valence is not null and energy is not null

),

heard as (

    select user_id, 'all' as dimension, 'all' as bucket, 0 as bucket_order, track_key, counted_ms from months
    union all
    select
        user_id,
        'month',
        substr(cast(month as varchar), 1, 7),
        cast(extract(year from month) * 12 + extract(month from month) as integer),
        track_key,
        counted_ms
    from months
    union all
    select
        user_id,
        'weekday',
        case weekday {% for day in weekdays %}when {{ loop.index }} then '{{ day }}' {% endfor %}end,
        weekday,
        track_key,
        counted_ms
    from hours
    union all
    select user_id, 'hour', lpad(cast(hour as varchar), 2, '0'), hour, track_key, counted_ms from hours

),

summed as (

    select
        heard.user_id,
        heard.dimension,
        heard.bucket,
        heard.bucket_order,
        cast(sum(heard.counted_ms) as bigint) as counted_ms,
        cast(sum(case when features.track_key is not null then heard.counted_ms else 0 end) as bigint) as known_ms
        {%- for feature in ['valence', 'energy'] %},
        {{ exact_sum('heard.counted_ms * features.' ~ feature) }} as {{ feature }}_ms,
        {{ exact_sum('heard.counted_ms * features.' ~ feature ~ ' * features.' ~ feature) }} as {{ feature }}_squared_ms
        {%- endfor %}
        {%- for quadrant, sides in quadrants.items() %},
        sum(case when features.valence {{ sides[0] }} 0.5 and features.energy {{ sides[1] }} 0.5 then heard.counted_ms else 0 end) as {{ quadrant }}_ms
        {%- endfor %}
    from heard
    left join features on features.track_key = heard.track_key
    group by 1, 2, 3, 4
    having sum(heard.counted_ms) > 0

),

-- A mean of nothing is unknown.
weighed as (

    select
        user_id,
        dimension,
        bucket,
        bucket_order,
        counted_ms,
        known_ms,
        round(cast(known_ms as double) / counted_ms, 6) as coverage
        {%- for feature in ['valence', 'energy'] %},
        round({{ feature }}_ms / nullif(known_ms, 0), 6) as {{ feature }},
        round(sqrt(abs(round(
            {{ feature }}_squared_ms / nullif(known_ms, 0) - power({{ feature }}_ms / nullif(known_ms, 0), 2), 12
        ))), 6) as {{ feature }}_deviation
        {%- endfor %}
        {%- for quadrant in quadrants %},
        round(cast({{ quadrant }}_ms as double) / nullif(known_ms, 0), 6) as {{ quadrant }}_share
        {%- endfor %}
    from summed

)

select * from weighed
