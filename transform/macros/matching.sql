{#-
    One pass of a matching, as three CTEs: `<name>` pairs what is left of both sides one to one where the keys are equal,
    `<name>_archive` and `<name>_account` are left for the next pass, if one comes. Equal keys pair in the order they were reported.
-#}
{% macro matching_pass(name, matched_by, archive, account, archive_key, account_key, archive_is, within=none, is_last=false) -%}
{{ name }} as (

    select
        archive_side.play_id as archive_play_id,
        account_side.play_id as account_play_id,
        '{{ matched_by }}' as matched_by

    from (
        select *, row_number() over (partition by {{ archive_key | join(', ') }} order by reported_at, play_id) as nth
        from {{ archive }} where {{ archive_is }}
    ) as archive_side
    inner join (
        select *, row_number() over (partition by {{ account_key | join(', ') }} order by reported_at, play_id) as nth
        from {{ account }}
    ) as account_side
        on account_side.nth = archive_side.nth
        {%- for theirs in account_key %}
        and account_side.{{ theirs }} = archive_side.{{ archive_key[loop.index0] }}
        {%- endfor %}
    {%- if within %}
    where {{ within }}
    {%- endif %}

)
{%- if not is_last %},

{{ name }}_archive as (

    select * from {{ archive }} where play_id not in (select archive_play_id from {{ name }})

),

{{ name }}_account as (

    select * from {{ account }} where play_id not in (select account_play_id from {{ name }})

)
{%- endif %}
{%- endmacro %}

{#-
    Pairs candidates one to one, the nearest first, as CTEs: in each round those pair that are nearest to each other of all
    that are left. The candidates come with both ids, `apart_ms`, and what decides among equals. `<name>` holds the pairs.
-#}
{% macro nearest_pairs(name, candidates, rounds, ours, theirs, ties) -%}
{% set order = 'order by apart_ms, ' ~ ties | join(', ') ~ ', ' ~ theirs ~ ', ' ~ ours -%}
{% for nth in range(1, rounds + 1) -%}
{%- set left_over = candidates if loop.first else name ~ '_left_' ~ (nth - 1) -%}
{{ name }}_round_{{ nth }} as (

    select * from {{ left_over }}
    qualify row_number() over (partition by {{ ours }} {{ order }}) = 1
        and row_number() over (partition by {{ theirs }} {{ order }}) = 1

),

{% if not loop.last -%}
{{ name }}_left_{{ nth }} as (

    select * from {{ left_over }}
    where {{ ours }} not in (select {{ ours }} from {{ name }}_round_{{ nth }})
        and {{ theirs }} not in (select {{ theirs }} from {{ name }}_round_{{ nth }})

),

{% endif -%}
{% endfor -%}
{{ name }} as (
    {% for nth in range(1, rounds + 1) %}
    select * from {{ name }}_round_{{ nth }}{{ ' union all' if not loop.last }}
    {%- endfor %}

)
{%- endmacro %}

{% macro ms_apart(this, that) -%}
    abs({{ dbt.datediff(this, that, 'millisecond') }})
{%- endmacro %}
