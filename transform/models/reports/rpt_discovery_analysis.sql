with

discoveries as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'first_heard_on') }} as date) as month
    from {{ ref('int_discovery_events') }}
    where first_heard_on is not null

),

-- Who begins a history has listened before: what its first 90 days bring is old acquaintance.
months as (

    select
        user_id,
        month,
        max(case when is_within_first_90_days then 1 else 0 end) = 1 as is_within_first_90_days
        {%- for entity, plural in [('artist', 'artists'), ('recording', 'tracks')] %},
        count(case when entity_type = '{{ entity }}' then 1 end) as new_{{ plural }},
        count(case when entity_type = '{{ entity }}' and not is_within_first_90_days then 1 end) as discovered_{{ plural }}
        {%- for days in [30, 90, 365] %},
        avg(case when entity_type = '{{ entity }}' then case stuck_{{ days }} when true then 1.0 when false then 0.0 end end)
            as {{ plural }}_stuck_{{ days }}_share
        {%- endfor %}
        {%- endfor %}
    from discoveries
    group by 1, 2

)

select * from months
