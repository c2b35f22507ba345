{#- The first day of the day, month or year an instant lies in. -#}
{% macro first_of(period, instant) -%}
    cast({{ dbt.date_trunc(period, instant) }} as date)
{%- endmacro %}

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

{#- The day after the last of a period: day, week, month, season or year; `all` has no end. -#}
{% macro period_end(of=none) -%}
    {%- set of = of ~ '.' if of else '' -%}
    {%- set start = of ~ 'period_start' -%}
    cast(case {{ of }}period
        when 'day' then {{ dbt.dateadd('day', 1, start) }}
        when 'week' then {{ dbt.dateadd('day', 7, start) }}
        when 'month' then {{ dbt.dateadd('month', 1, start) }}
        when 'season' then {{ dbt.dateadd('month', 3, start) }}
        when 'year' then {{ dbt.dateadd('year', 1, start) }}
    end as date)
{%- endmacro %}

{#- Whether two rows speak of one listener's same period. -#}
{% macro same_period(one, other) -%}
    {%- for key in ['user_id', 'period', 'period_start'] -%}
    {{ one }}.{{ key }} = {{ other }}.{{ key }}{{ ' and ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}

{#- The first day of the same period a year before. A day or week compares with the one 52 weeks before, so that weekdays meet. -#}
{% macro year_before() -%}
    cast(case
        when period in ('day', 'week') then {{ dbt.dateadd('day', -364, 'period_start') }}
        else {{ dbt.dateadd('month', -12, 'period_start') }}
    end as date)
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
