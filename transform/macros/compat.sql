{#- What DuckDB and Snowflake spell differently: everything else is the same SQL. -#}

{#- The instant that many milliseconds later. -#}
{% macro plus_ms(instant, ms) %}{{ return(adapter.dispatch('plus_ms')(instant, ms)) }}{% endmacro %}
{% macro default__plus_ms(instant, ms) %}({{ instant }} + to_milliseconds({{ ms }})){% endmacro %}
{% macro snowflake__plus_ms(instant, ms) %}dateadd(millisecond, {{ ms }}, {{ instant }}){% endmacro %}

{#- The wall clock of a zone at an instant of UTC. -#}
{% macro local_time(instant, zone) %}{{ return(adapter.dispatch('local_time')(instant, zone)) }}{% endmacro %}
{% macro default__local_time(instant, zone) %}timezone({{ zone }}, timezone('UTC', {{ instant }})){% endmacro %}
{% macro snowflake__local_time(instant, zone) %}convert_timezone('UTC', {{ zone }}, {{ instant }}){% endmacro %}

{#- 1 is Monday, 7 is Sunday. -#}
{% macro iso_weekday(day) %}{{ return(adapter.dispatch('iso_weekday')(day)) }}{% endmacro %}
{% macro default__iso_weekday(day) %}cast(isodow({{ day }}) as integer){% endmacro %}
{% macro snowflake__iso_weekday(day) %}dayofweekiso({{ day }}){% endmacro %}

{% macro iso_week(day) %}{{ return(adapter.dispatch('iso_week')(day)) }}{% endmacro %}
{% macro default__iso_week(day) %}cast(weekofyear({{ day }}) as integer){% endmacro %}
{% macro snowflake__iso_week(day) %}weekiso({{ day }}){% endmacro %}

{#- Every match of a pattern replaced. Patterns hold no backslash: the two engines escape it differently. -#}
{% macro replace_all(text, pattern, replacement) %}{{ return(adapter.dispatch('replace_all')(text, pattern, replacement)) }}{% endmacro %}
{% macro default__replace_all(text, pattern, replacement) %}regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}', 'g'){% endmacro %}
{% macro snowflake__replace_all(text, pattern, replacement) %}regexp_replace({{ text }}, '{{ pattern }}', '{{ replacement }}'){% endmacro %}

{#- The last value so far that is not null. -#}
{% macro last_known(value, over) %}{{ return(adapter.dispatch('last_known')(value, over)) }}{% endmacro %}
{% macro default__last_known(value, over) %}last_value({{ value }} ignore nulls) over ({{ over }}){% endmacro %}
{% macro snowflake__last_known(value, over) %}last_value({{ value }}) ignore nulls over ({{ over }}){% endmacro %}

{#- A row with a `value` for each text in a JSON list, to be joined with the row that holds the list: none for a null. -#}
{% macro list_items(list) %}{{ return(adapter.dispatch('list_items')(list)) }}{% endmacro %}
{% macro default__list_items(list) %}(select unnest(from_json({{ list }}, '["VARCHAR"]')) as value){% endmacro %}
{% macro snowflake__list_items(list) %}lateral flatten(input => parse_json({{ list }})){% endmacro %}

{#- After `as`: a subquery that several others read is not kept in memory but read again, which is cheaper where it is a whole
    table. For an increment the engine decides. -#}
{% macro read_again() %}{% if not is_increment() %}{{ return(adapter.dispatch('read_again')()) }}{% endif %}{% endmacro %}
{% macro default__read_again() %}not materialized {% endmacro %}
{% macro snowflake__read_again() %}{% endmacro %}

{#- Whether values are among those of a few rows. Spelled plainly DuckDB takes the few for many: it puts the whole table into a hash
    and looks the few up in it. -#}
{% macro is_one_of(values, rows) %}{{ return(adapter.dispatch('is_one_of')(values | join(', '), rows)) }}{% endmacro %}
{% macro default__is_one_of(values, rows) %}coalesce(({{ values }}) in ({{ rows }}), false){% endmacro %}
{% macro snowflake__is_one_of(values, rows) %}({{ values }}) in ({{ rows }}){% endmacro %}
