with

chosen as (

    select
        listeners.user_id,
        choices.name as zone,
        coalesce(choices.since_on, cast('1900-01-01' as date)) as since_on,
        coalesce(choices.until_on, cast('9999-12-31' as date)) as until_on,
        coalesce(choices.from_at, cast('1900-01-01' as timestamp)) as from_at,
        coalesce(choices.until_at, cast('9999-12-31' as timestamp)) as until_at
    from {{ ref('stg_choices__listeners') }} as listeners
    inner join {{ source('lake', 'choices') }} as choices
        on choices.version = listeners.version
        and (choices.user_id = listeners.user_id or (choices.user_id is null and not listeners.is_named))
    where choices.kind = 'zone'

),

placed as (

    select
        chosen.*,
        time_zones.country,
        coalesce(time_zones.is_southern, false) as is_southern
    from chosen
    left join {{ ref('time_zones') }} as time_zones on time_zones.zone = chosen.zone

)

select * from placed
