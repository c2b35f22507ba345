{{ config(materialized='view') }}
with

tracks as (

    select * from {{ ref('int_tracks_enriched') }}

)

select * from tracks
