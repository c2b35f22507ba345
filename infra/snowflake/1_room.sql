-- Where the tables live, and what computes: a database with a schema for each layer, a small warehouse that goes to sleep.
use role sysadmin;

create database if not exists {{ database }};

create schema if not exists {{ database }}.lake;
create schema if not exists {{ database }}.staging;
create schema if not exists {{ database }}.intermediate;
create schema if not exists {{ database }}.marts;
create schema if not exists {{ database }}.changes;

create warehouse if not exists {{ warehouse }} warehouse_size = xsmall auto_suspend = 60 auto_resume = true initially_suspended = true;

-- At the end of the month's credits the warehouse ends what runs and stays asleep until the next month.
use role accountadmin;

create resource monitor if not exists {{ warehouse }} with credit_quota = {{ credits }} frequency = monthly start_timestamp = immediately triggers on 80 percent do notify on 100 percent do suspend;
alter resource monitor {{ warehouse }} set credit_quota = {{ credits }};
alter warehouse {{ warehouse }} set warehouse_size = xsmall auto_suspend = 60 resource_monitor = {{ warehouse }};
