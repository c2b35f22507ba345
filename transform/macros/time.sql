{#- The first day of the season a day is in: December, March, June and September begin one. -#}
{% macro season_start(day) -%}
    cast({{ dbt.dateadd('month', "-((extract(month from " ~ day ~ ") % 12) % 3)", "cast(" ~ dbt.date_trunc('month', day) ~ " as date)") }} as date)
{%- endmacro %}

{#- The season of a local day; `is_southern` turns the year around. -#}
{% macro season(day, is_southern) -%}
    case cast(floor((extract(month from {{ day }}) % 12) / 3) as integer)
        when 0 then case when {{ is_southern }} then 'summer' else 'winter' end
        when 1 then case when {{ is_southern }} then 'autumn' else 'spring' end
        when 2 then case when {{ is_southern }} then 'winter' else 'summer' end
        else case when {{ is_southern }} then 'spring' else 'autumn' end
    end
{%- endmacro %}

{#- Whether the listener's home lies south of the equator. -#}
{% macro home_is_southern() -%}
    coalesce((select max(case when is_southern then 1 else 0 end) from {{ ref('time_zones') }} where zone = '{{ var("home_time_zone") }}'), 0) = 1
{%- endmacro %}

{#- Where a listener lived at an instant, or on a day, by the zones they chose; where they chose none, it is the home's. -#}
{% macro join_zone(zones, user_id, instant) -%}
    left join {{ ref('stg_choices__zones') }} as {{ zones }}
        on {{ zones }}.user_id = {{ user_id }} and {{ instant }} >= {{ zones }}.from_at and {{ instant }} < {{ zones }}.until_at
{%- endmacro %}

{% macro join_zone_of_day(zones, user_id, day) -%}
    left join {{ ref('stg_choices__zones') }} as {{ zones }}
        on {{ zones }}.user_id = {{ user_id }} and {{ day }} between {{ zones }}.since_on and {{ zones }}.until_on
{%- endmacro %}

{#- The wall clock of a zone, or at home where there is none: one name for all rows is quicker than one for each. -#}
{% macro home_time(instant, zone) -%}
    case
        when {{ zone }} is null then {{ local_time(instant, "'" ~ var('home_time_zone') ~ "'") }}
        else {{ local_time(instant, zone) }}
    end
{%- endmacro %}
