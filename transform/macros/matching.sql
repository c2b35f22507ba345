{#-
    One pass of a matching, as three CTEs: `<name>` pairs what is left of both sides one to one where the keys are equal,
    `<name>_archive` and `<name>_account` are left for the next pass. Equal keys pair in the order they were reported.
-#}
{% macro matching_pass(name, matched_by, archive, account, archive_key, account_key, archive_is, within=none) -%}
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

),

{{ name }}_archive as (

    select * from {{ archive }} where play_id not in (select archive_play_id from {{ name }})

),

{{ name }}_account as (

    select * from {{ account }} where play_id not in (select account_play_id from {{ name }})

)
{%- endmacro %}
