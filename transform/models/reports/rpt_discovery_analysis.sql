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

),

returns as (

    select
        user_id,
        cast({{ dbt.date_trunc('month', 'rediscovered_on') }} as date) as month
        {%- for entity, plural in [('artist', 'artists'), ('recording', 'tracks')] %},
        count(case when entity_type = '{{ entity }}' then 1 end) as rediscovered_{{ plural }}
        {%- endfor %}
    from {{ ref('int_rediscoveries') }}
    group by 1, 2

),

-- A month may bring back much and nothing new.
both_kinds as (

    select
        coalesce(months.user_id, returns.user_id) as user_id,
        coalesce(months.month, returns.month) as month,
        coalesce(months.is_within_first_90_days, false) as is_within_first_90_days
        {%- for plural in ['artists', 'tracks'] %},
        coalesce(months.new_{{ plural }}, 0) as new_{{ plural }},
        coalesce(months.discovered_{{ plural }}, 0) as discovered_{{ plural }}
        {%- for days in [30, 90, 365] %},
        months.{{ plural }}_stuck_{{ days }}_share
        {%- endfor %},
        coalesce(returns.rediscovered_{{ plural }}, 0) as rediscovered_{{ plural }}
        {%- endfor %}
    from months
    full outer join returns on returns.user_id = months.user_id and returns.month = months.month

)

select * from both_kinds
