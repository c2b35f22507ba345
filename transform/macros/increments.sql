{#-
    Increments. A model of the materialization `increment` names the rows that a build may change (`scope`), and selects these
    rows anew. What differs from the rows it held goes and comes in one transaction, and is kept in the schema `changes` for
    the models after it, until a build has ended well (`lake.built`): so a build that broke off is simply run again.

    With `sort` a whole build lays the rows in that order, so that those of a few months lie together.

    A scope is a list; a row is in it if one entry says so:
        {'day_of': 'reported_at', 'around': 1}          its day, or one next to it, was touched by a load
        {'month_of': 'reported_at', 'around': 1}        its month, or one next to it, was touched by a load
        {'keys': [...], 'of': model, 'named': [...]}    the model has changed rows with these keys, there called `named`;
                                                        `at` pairs an instant of ours with theirs, so that only some months are read
        {'keys': [...], 'loaded': table, 'named': [...]} a load has brought rows with these keys into a landing table
        {'overlaps': spans, 'from': ..., 'until': ...}  it lies in one of the model's spans of time, at least in part
-#}

{#- Makes room for what builds change; in Snowflake the set-up does, for who builds there may make no schemas. -#}
{% macro schema_of_changes() %}{{ return(adapter.dispatch('schema_of_changes')()) }}{% endmacro %}
{% macro default__schema_of_changes() %}create schema if not exists changes{% endmacro %}
{% macro snowflake__schema_of_changes() %}{% endmacro %}

{#- A unit test has no other tables than those it names. -#}
{% macro is_unit_test() %}{{ return(model is defined and model.resource_type | string == 'unit_test') }}{% endmacro %}

{#- Whether this model only brings its table up to date: the table stands, and nobody asked for it whole. -#}
{% macro is_increment() %}
    {{ return(execute and not is_unit_test() and config.get('materialized') == 'increment'
        and not should_full_refresh() and load_relation(this) is not none) }}
{% endmacro %}

{#- True for the rows whose day or month lies at most `around` of them from one that a load has touched; on a whole build, for all. -#}
{% macro on_touched_day(instant, around=0, user_id='user_id') -%}
    {{ in_touched('day', none if is_unit_test() else ref('int_touched_days'), instant, around, user_id) }}
{%- endmacro %}

{% macro in_touched_month(instant, around=0, user_id='user_id') -%}
    {{ in_touched('month', none if is_unit_test() else ref('int_touched_months'), instant, around, user_id) }}
{%- endmacro %}

{% macro in_touched(period, touched, instant, around, user_id) -%}
    {%- if is_increment() -%}
    ({{ instant }} >= (select {{ or_never('min(' ~ period ~ ')') }} from {{ touched }} where distance <= {{ around }})
        and {{ instant }} < (select {{ dbt.dateadd(period, 1, 'max(' ~ period ~ ')') }} from {{ touched }} where distance <= {{ around }})
        and {{ is_one_of([user_id, first_of(period, instant)], 'select user_id, ' ~ period ~ ' from ' ~ touched ~ ' where distance <= ' ~ around) }})
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{#- True for the rows whose keys a changed row of another model has, before or after its change; on a whole build, for all.
    With `field` only rows count in which that field is another than before (`what_counts`: all that decides how a track's plays
    count). `at` names an instant here and there that agree where the keys do: then no other months are read than those of the
    changes. -#}
{% macro has_changed(keys, of, named=none, field=none, at=none) -%}
    {%- set changed = none if is_unit_test() else changes_of(ref(of)) -%}
    {%- if is_increment() -%}
    {%- set watched = what_counts_of_a_track() if field == 'what_counts' else field -%}
    {%- if at -%}
    {{ at[0] }} >= (select {{ or_never('min(' ~ at[1] ~ ')') }} from {{ changed }} where since = {{ last_built() }})
        and {{ at[0] }} <= (select max({{ at[1] }}) from {{ changed }} where since = {{ last_built() }})
        and {% endif -%}
    {{ '(' ~ keys | join(', ') ~ ')' }} in (
        select {{ (named or keys) | join(', ') }} from {{ changed }} where since = {{ last_built() }}
        {%- if field %} group by {{ (named or keys) | join(', ') }} having count(distinct coalesce({{ watched }}, '')) > 1 {%- endif %}
    )
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{#- True for the rows of the local days on which a play has changed; on a whole build, for all. -#}
{% macro on_changed_day() -%}{{ in_changed('day') }}{%- endmacro %}

{#- True for the rows of the local days or months in which a play has changed; on a whole build, for all. -#}
{% macro in_changed(period) -%}
    {%- set plays = none if is_unit_test() else changes_of(ref('int_plays_reconciled')) ~ ' where since = ' ~ last_built() -%}
    {%- set start = first_of(period, 'local_started_at') -%}
    {%- if is_increment() -%}
    (local_started_at >= (select min({{ start }}) from {{ plays }})
        and local_started_at < (select {{ dbt.dateadd(period, 1, 'max(' ~ start ~ ')') }} from {{ plays }})
        and {{ is_one_of(['user_id', start], 'select user_id, ' ~ start ~ ' from ' ~ plays) }})
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{#- True for the rows whose keys a load has brought into a landing table since the last build; on a whole build, for all. -#}
{% macro has_arrived(keys, table, named=none) -%}
    {%- set landing = none if is_unit_test() else source('lake', table) -%}
    {%- if is_increment() -%}
    {{ '(' ~ keys | join(', ') ~ ')' }} in (select {{ (named or keys) | join(', ') }} from {{ landing }} where load_number > {{ last_built() }})
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{#- The rows of another model that this build has taken out or brought in: none on a whole build, and all in a unit test. -#}
{% macro changed_rows(of) -%}
    {%- set plays = ref(of) -%}
    {%- if is_unit_test() -%}
    {{ plays }}
    {%- else -%}
    (select * from {{ changes_of(plays) }} where since = {{ last_built() }})
    {%- endif -%}
{%- endmacro %}

{#- True for the `plays` that begin in one of the model's `windows` of time; on a whole build, for all. Plays and windows find each
    other by their days, for an engine is quick with what is equal and compares each with each where one lies within another. -#}
{% macro begins_in_windows() -%}
    {%- if is_increment() -%}
    {%- set from_first_to_last -%}
    started_at >= (select {{ or_never('min(from_at)') }} from windows) and started_at <= (select max(until_at) from windows)
    {%- endset -%}
    ({{ from_first_to_last }}
        and (user_id, {{ first_of('day', 'started_at') }}) in (
            select days.user_id, days.day
            from (
                select distinct user_id, {{ first_of('day', 'started_at') }} as day
                from {{ ref('int_plays_reconciled') }}
                where {{ from_first_to_last }}
            ) as days
            inner join windows
                on windows.user_id = days.user_id
                and windows.from_at < {{ dbt.dateadd('day', 1, 'days.day') }}
                and windows.until_at >= days.day
        )
        and exists (
            select 1 from windows
            where windows.user_id = plays.user_id and plays.started_at between windows.from_at and windows.until_at
        ))
    {%- else -%}
    true
    {%- endif -%}
{%- endmacro %}

{#- The instant, or one that no play has: compared with null an engine reads a whole table to find nothing. -#}
{% macro or_never(instant) -%}
    coalesce({{ instant }}, cast('9999-12-31' as timestamp))
{%- endmacro %}

{#- Up to which load the models have been built. -#}
{% macro last_built() -%}
    (select coalesce(max(load_number), 0) from {{ source('lake', 'built') }})
{%- endmacro %}

{% macro changes_of(relation) -%}
    {{ return(api.Relation.create(database=relation.database, schema='changes', identifier=relation.identifier, type='table')) }}
{%- endmacro %}

{#- The rows of the table that are in the scope. Of several entries each is looked at apart, for engines are quick with one
    condition and slow with two, and by its keys alone, for whole rows are slow to tell apart. -#}
{% macro rows_in_scope(kept, unique_key, scope) -%}
    select held.* from {{ kept }} as held where
    {% if scope | length == 1 -%}
    {{ in_scope(scope[0]) }}
    {%- else -%}
    ({{ unique_key | join(', ') }}) in ({{ keys_in_scope(kept, unique_key, scope) }})
    {%- endif -%}
{%- endmacro %}

{#- The keys of a table's rows that are in the scope. Where these are what a changed row names, the table need not be read. -#}
{% macro keys_in_scope(table, keys, scope) -%}
    {%- for entry in scope -%}
    {{ 'union all ' if not loop.first }}
    {%- if entry['keys'] == keys and not entry.field and not entry.loaded -%}
    select {{ (entry.named or keys) | join(', ') }} from {{ changes_of(ref(entry.of)) }} where since = {{ last_built() }}
    {%- else -%}
    select {{ keys | join(', ') }} from {{ table }} as held where {{ in_scope(entry) }}
    {%- endif %}
    {% endfor -%}
{%- endmacro %}

{% macro in_scope(entry) -%}
    {%- if entry.day_of -%} {{ on_touched_day(entry.day_of, entry.around or 0) }}
    {%- elif entry.month_of -%} {{ in_touched_month(entry.month_of, entry.around or 0) }}
    {%- elif entry.overlaps -%} exists (
        select 1 from {{ ref(entry.overlaps) }} as spans
        where spans.user_id = held.user_id and held.{{ entry['from'] }} <= spans.until_at and held.{{ entry.until }} >= spans.from_at
    )
    {%- elif entry.loaded -%} {{ has_arrived(entry['keys'], entry.loaded, entry.named) }}
    {%- else -%} {{ has_changed(entry['keys'], entry.of, entry.named, entry.field, entry.at) }}
    {%- endif -%}
{%- endmacro %}

{% macro whole_statements(kept, changes, sql, sort) %}
    {{ return([
        "create or replace table " ~ kept ~ " as select * from (" ~ sql ~ "\n) as rows_now" ~ (" order by " ~ sort if sort else ""),
        "create or replace table " ~ changes ~ " as select *, cast(null as varchar) as change, cast(null as bigint) as since from " ~ kept ~ " where false",
    ]) }}
{% endmacro %}

{#- The statements of an increment: tables of what is and what will be, and then the changes, in one transaction. -#}
{% macro increment_statements(kept, changes, sql, unique_key, scope) %}
    {%- set name = kept.identifier -%}
    {%- set same_key = [] -%}
    {%- for key in unique_key -%}{%- do same_key.append("kept." ~ key ~ " = went." ~ key) -%}{%- endfor -%}
    {{ return([
        "create or replace temporary table " ~ name ~ "__held as " ~ rows_in_scope(kept, unique_key, scope),
        "create or replace temporary table " ~ name ~ "__now as (" ~ sql ~ "\n)",
        "create or replace temporary table " ~ name ~ "__went as select * from " ~ name ~ "__held except select * from " ~ name ~ "__now",
        "create or replace temporary table " ~ name ~ "__came as select * from " ~ name ~ "__now except select * from " ~ name ~ "__held",
    ] + in_one_transaction([
        "delete from " ~ kept ~ " as kept using " ~ name ~ "__went as went where " ~ same_key | join(' and '),
        "insert into " ~ kept ~ " select * from " ~ name ~ "__came",
        "delete from " ~ changes ~ " where since <> " ~ last_built(),
        "insert into " ~ changes ~ " select *, 'went', " ~ last_built() ~ " from " ~ name ~ "__went union all select *, 'came', " ~ last_built() ~ " from " ~ name ~ "__came",
    ])) }}
{% endmacro %}

{#- DuckDB's adapter begins a transaction with a model's first statement. Snowflake's begins none, and there a statement that makes a
    table ends one. -#}
{% macro in_one_transaction(statements) %}{{ return(adapter.dispatch('in_one_transaction')(statements)) }}{% endmacro %}
{% macro default__in_one_transaction(statements) %}{{ return(statements) }}{% endmacro %}
{% macro snowflake__in_one_transaction(statements) %}{{ return(["begin;\n" ~ statements | join(";\n") ~ ";\ncommit;"]) }}{% endmacro %}

{% materialization increment, default %}
    {%- set kept = this.incorporate(type='table') -%}
    {%- set standing = load_cached_relation(this) -%}
    {%- set statements = increment_statements(kept, changes_of(kept), sql, config.require('unique_key'), config.require('scope'))
        if is_increment() else whole_statements(kept, changes_of(kept), sql, config.get('sort')) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if standing is not none and not standing.is_table -%}{%- do adapter.drop_relation(standing) -%}{%- endif -%}
    {%- for text in at_once(statements) -%}
        {%- call statement('main' if loop.last else 'step') -%} {{ text }} {%- endcall -%}
    {%- endfor -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {% do adapter.commit() %}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [kept]}) }}
{% endmaterialization %}
