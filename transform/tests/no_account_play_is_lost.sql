-- Every play of account data is either a play of its own or joined to exactly one of an archive or the Web API.
with

told as (

    select count(*) as plays from {{ ref('stg_spotify__listening_history') }} where source = 'account'

),

kept as (

    select count(*) as plays from {{ ref('fct_plays') }} where sources like 'account%'

)

select told.plays, kept.plays as kept from told cross join kept where told.plays <> kept.plays
