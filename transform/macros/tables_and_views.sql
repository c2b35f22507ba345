{#- DuckDB replaces a table or a view in one statement. dbt's own way makes each beside the old one, renames both and drops that:
    a third of a small build. In Snowflake dbt does it as it is done here. -#}
{% macro replaced(kind) %}
    {%- set target = this.incorporate(type=kind) -%}
    {%- set standing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if standing is not none and standing.type != kind -%}{%- do adapter.drop_relation(standing) -%}{%- endif -%}
    {%- call statement('main') -%} create or replace {{ kind }} {{ target }} as {{ sql }} {%- endcall -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do adapter.commit() %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [target]}) }}
{% endmacro %}

{% materialization table, adapter='duckdb' %}{{ return(replaced('table')) }}{% endmaterialization %}
{% materialization view, adapter='duckdb' %}{{ return(replaced('view')) }}{% endmaterialization %}

{#- What can go to the engine in one call: of a small build dbt's own work for each call is most. Snowflake takes one at a time. -#}
{% macro at_once(statements) %}{{ return(adapter.dispatch('at_once')(statements)) }}{% endmacro %}
{% macro default__at_once(statements) %}{{ return([statements | join(';\n')]) }}{% endmacro %}
{% macro snowflake__at_once(statements) %}{{ return(statements) }}{% endmacro %}
