with

chosen as (

    select
        listeners.user_id,
        choices.kind,
        choices.name,
        choices.artist_name,
        choices.hour,
        choices.since_on,
        choices.until_on
    from {{ ref('stg_choices__listeners') }} as listeners
    inner join {{ source('lake', 'choices') }} as choices
        on choices.version = listeners.version
        and (choices.user_id = listeners.user_id or (choices.user_id is null and not listeners.is_named))
    where choices.kind in ('artist', 'track', 'show', 'hours')

),

-- A track is all releases of its recording; without its artist, every recording of that title. Two spellings of a name are one.
keyed as (

    select distinct
        user_id,
        case when kind = 'track' then case when artist_name is null then 'title' else 'recording' end else kind end as kind,
        case
            when kind in ('artist', 'show') then {{ artist_key('name') }}
            when kind = 'track' and artist_name is null then {{ undecorated(normalised('name')) }}
            when kind = 'track' then {{ recording_key('artist_name', 'name') }}
        end as match_key,
        hour,
        coalesce(since_on, cast('1900-01-01' as date)) as since_on,
        coalesce(until_on, cast('9999-12-31' as date)) as until_on
    from chosen

)

select * from keyed
