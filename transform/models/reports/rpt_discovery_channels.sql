with

-- What the first 90 days of a history bring is old acquaintance.
discoveries as (

    select
        *,
        cast({{ dbt.date_trunc('month', 'first_heard_on') }} as date) as month
    from {{ ref('int_discovery_events') }}
    where first_heard_on is not null and not is_within_first_90_days

),

counted as (

    select
        user_id,
        month,
        entity_type,
        channel,
        count(*) as discoveries,
        avg(case is_picked when true then 1.0 when false then 0.0 end) as picked_share
        {%- for days in [30, 90, 365] %},
        avg(case stuck_{{ days }} when true then 1.0 when false then 0.0 end) as stuck_{{ days }}_share
        {%- endfor %}
    from discoveries
    group by 1, 2, 3, 4

),

shares as (

    select
        user_id,
        month,
        entity_type,
        channel,
        discoveries,
        cast(discoveries as double) / sum(discoveries) over (partition by user_id, month, entity_type) as share,
        picked_share,
        stuck_30_share,
        stuck_90_share,
        stuck_365_share
    from counted

)

select * from shares
