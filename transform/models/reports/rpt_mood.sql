{%- set quadrants = {'high_valence_high_energy': ['>=', '>='], 'high_valence_low_energy': ['>=', '<'],
    'low_valence_high_energy': ['<', '>='], 'low_valence_low_energy': ['<', '<']} -%}
{%- set sums = ['counted_ms', 'known_ms', 'valence_ms', 'valence_squared_ms', 'energy_ms', 'energy_squared_ms'] -%}
{%- for quadrant in quadrants %}{% do sums.append(quadrant ~ '_ms') %}{% endfor -%}
{%- set weekdays = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] -%}
with

-- In ten-thousandths, for sums of whole numbers are exact.
features as (

    select
        track_key,
        cast(round(valence * 10000) as bigint) as valence,
        cast(round(energy * 10000) as bigint) as energy
    from {{ ref('stg_enrichment__audio_features') }}
    where valence is not null and energy is not null

),

{% for name, keys in {'months': ['month'], 'hours': ['weekday', 'hour']}.items() -%}
{{ name }} as (

    select
        heard.user_id
        {%- for key in keys %},
        heard.{{ key }}
        {%- endfor %},
        sum(heard.counted_ms) as counted_ms,
        sum(case when features.track_key is not null then heard.counted_ms else 0 end) as known_ms
        {%- for feature in ['valence', 'energy'] %},
        sum(heard.counted_ms * features.{{ feature }}) as {{ feature }}_ms,
        sum(heard.counted_ms * features.{{ feature }} * features.{{ feature }}) as {{ feature }}_squared_ms
        {%- endfor %}
        {%- for quadrant, sides in quadrants.items() %},
        sum(case when features.valence {{ sides[0] }} 5000 and features.energy {{ sides[1] }} 5000 then heard.counted_ms else 0 end) as {{ quadrant }}_ms
        {%- endfor %}
    from {{ ref('int_monthly_tracks' if name == 'months' else 'int_hourly_tracks') }} as heard
    left join features on features.track_key = heard.track_key
    where heard.counted_ms > 0
    group by 1, 2{{ ', 3' if keys | length > 1 }}

),

{% endfor -%}
bucketed as (

    select user_id, 'all' as dimension, 'all' as bucket, 0 as bucket_order, {{ sums | join(', ') }} from months
    union all
    select
        user_id,
        'month',
        substr(cast(month as varchar), 1, 7),
        cast(extract(year from month) * 12 + extract(month from month) as integer),
        {{ sums | join(', ') }}
    from months
    union all
    select
        user_id,
        'weekday',
        case weekday {% for day in weekdays %}when {{ loop.index }} then '{{ day }}' {% endfor %}end,
        weekday,
        {{ sums | join(', ') }}
    from hours
    union all
    select user_id, 'hour', lpad(cast(hour as varchar), 2, '0'), hour, {{ sums | join(', ') }} from hours

),

summed as (

    select
        user_id,
        dimension,
        bucket,
        bucket_order
        {%- for column in sums %},
        sum({{ column }}) as {{ column }}
        {%- endfor %}
    from bucketed
    group by 1, 2, 3, 4

),

-- A mean of nothing is unknown.
weighed as (

    select
        user_id,
        dimension,
        bucket,
        bucket_order,
        cast(counted_ms as bigint) as counted_ms,
        cast(known_ms as bigint) as known_ms,
        round(cast(known_ms as double) / counted_ms, 6) as coverage
        {%- for feature in ['valence', 'energy'] %}
        {%- set mean = 'cast(' ~ feature ~ '_ms as double) / nullif(known_ms, 0)' %},
        round({{ mean }} / 1e4, 6) as {{ feature }},
        round(sqrt(abs(round(cast({{ feature }}_squared_ms as double) / nullif(known_ms, 0) - power({{ mean }}, 2), 2))) / 1e4, 6) as {{ feature }}_deviation
        {%- endfor %}
        {%- for quadrant in quadrants %},
        round(cast({{ quadrant }}_ms as double) / nullif(known_ms, 0), 6) as {{ quadrant }}_share
        {%- endfor %}
    from summed

)

select * from weighed
