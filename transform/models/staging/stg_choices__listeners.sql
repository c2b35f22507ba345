with

listeners as (

    select user_id from {{ source('lake', 'archives') }}
    union
    select user_id from {{ source('lake', 'pages') }}

),

-- The newest version holds: of each listener it names, and of everybody else.
rules as (

    select user_id, version, name
    from {{ source('lake', 'choices') }}
    where kind = 'play_rule' and version = (select max(version) from {{ source('lake', 'choices') }})

),

resolved as (

    select
        listeners.user_id,
        own.user_id is not null as is_named,
        coalesce(own.version, everybody.version) as version,
        coalesce(own.name, everybody.name, 'longplay') as play_rule
    from listeners
    left join rules as own on own.user_id = listeners.user_id
    left join rules as everybody on everybody.user_id is null

)

select * from resolved
